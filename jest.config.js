// Jest runs TypeScript as ES modules; every server in the tests is real, so nothing is mocked.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  // Its package.json files are no packages.
  modulePathIgnorePatterns: ['<rootDir>/__tests__/scan/corpus/', '<rootDir>/__tests__/scan/fixes/'],
  // Maven, Gradle and npm on a busy machine.
  testTimeout: 120_000,
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
};
