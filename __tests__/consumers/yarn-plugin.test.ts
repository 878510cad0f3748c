// The plugin as Yarn loads it: which requests carry the token.
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { yarnPlugin } from '../../src/consumers/yarn-plugin.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

interface Plugin {
  factory(): {
    hooks: {
      wrapNetworkRequest(executor: unknown, request: { target: string; headers: object }): Promise<unknown>;
    };
  };
}

async function authorizationFor(target: string): Promise<string | undefined> {
  process.env.PATLESS_TOKEN_CONTOSO = 'the-token';
  const plugin = yarnPlugin(tokenFor('contoso').organization, facts().program);
  const module = { exports: {} as Plugin };
  new Function('module', 'process', 'require', plugin)(module, process, createRequire(import.meta.url));
  const request = { target, headers: {} as { authorization?: string } };
  await module.exports.factory().hooks.wrapNetworkRequest(undefined, request);
  delete process.env.PATLESS_TOKEN_CONTOSO;
  return request.headers.authorization;
}

describe('gets the token', () => {
  test.each([
    'https://pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/lib',
    'https://pkgs.dev.azure.com/Contoso/My%20Project/_packaging/a/npm/registry/@con%2flib',
    'https://contoso.pkgs.visualstudio.com/_packaging/a/npm/registry/@con%2Flib/-/lib-1.0.0.tgz',
  ])('%s', async (target) => expect(await authorizationFor(target)).toBe('Bearer the-token'));
});

describe('does not get it', () => {
  test.each([
    'http://pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/lib',
    'https://pkgs.dev.azure.com:8443/contoso/_packaging/a/npm/registry/lib',
    'https://pkgs.dev.azure.com/contoso2/_packaging/a/npm/registry/lib',
    'https://pkgs.dev.azure.com/contoso/..%2ffabrikam/_packaging/a/npm/registry/lib',
    'https://pkgs.dev.azure.com/contoso/a%5cb',
    'https://pkgs.dev.azure.com/contoso/%2e%2e/fabrikam/x',
    'https://pkgs.dev.azure.com/contoso/@x%2f..%2f..%2ffabrikam',
    'https://pkgs.dev.azure.com.evil.example/contoso/x',
  ])('%s', async (target) => expect(await authorizationFor(target)).toBeUndefined());
});
