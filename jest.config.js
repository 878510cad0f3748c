// Jest runs TypeScript as ES modules; every server in the tests is real, so nothing is mocked.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  // Its package.json files are no packages.
  modulePathIgnorePatterns: ['<rootDir>/__tests__/scan/corpus/', '<rootDir>/__tests__/scan/fixes/'],
  testTimeout: 60_000,
  // Scenarios wait for processes and clocks half of the time.
  maxWorkers: '150%',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
};
