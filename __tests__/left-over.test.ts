import { describe, expect, test } from '@jest/globals';
import { parseOrganization } from '../src/azure-devops/organization.js';
import { leftOver, type Wanted } from '../src/left-over.js';
import { recordingHost } from './support/recording.js';

const TOKEN = 'a-token-of-contoso-in-force';
const OTHER = 'a-token-of-fabrikam-in-force';
const NETRC = '/temp/patless-0a1b2c3d-1111-2222-3333-444455556666/netrc';

function emptied(environment: Record<string, string>, more: Partial<Wanted> = {}): string[] {
  const wanted: Wanted = {
    exported: [],
    organization: parseOrganization('contoso'),
    ofTools: ['AZURE_DEVOPS_EXT_PAT'],
    files: ['NETRC'],
    ...more,
  };
  return leftOver(wanted, recordingHost({ environment, temp: '/temp' })).sort();
}

describe('a failed run empties', () => {
  test('whatever holds the token that an earlier call gave for the same organization', () => {
    const environment = {
      PATLESS_TOKEN_CONTOSO: TOKEN,
      VSS_NUGET_ACCESSTOKEN: TOKEN,
      NuGetPackageSourceCredentials_a: `Username=patless;Password=${TOKEN}`,
      NETRC,
      OTHER: 'x',
    };
    expect(emptied(environment)).toEqual([
      'NETRC',
      'NuGetPackageSourceCredentials_a',
      'PATLESS_TOKEN_CONTOSO',
      'VSS_NUGET_ACCESSTOKEN',
    ]);
  });

  test('a stored PAT in a variable of a tool, and names of the user’s choice', () => {
    expect(emptied({ AZURE_DEVOPS_EXT_PAT: 'a stored PAT', A: 'b' }, { exported: ['A', 'C'] })).toEqual([
      'A',
      'AZURE_DEVOPS_EXT_PAT',
    ]);
  });
});

describe('it leaves alone', () => {
  test('what another organization was given', () => {
    const environment = { PATLESS_TOKEN_FABRIKAM: OTHER, AZURE_DEVOPS_EXT_PAT: OTHER };
    expect(emptied(environment)).toEqual([]);
  });

  test('the user’s own netrc, and what the host itself holds', () => {
    const environment = { PATLESS_TOKEN_CONTOSO: TOKEN, NETRC: '/home/me/.netrc', SECRET_ADO_TOKEN: TOKEN };
    expect(emptied(environment)).toEqual(['PATLESS_TOKEN_CONTOSO']);
  });

  test('everything, when no organization was named', () => {
    expect(emptied({ AZURE_DEVOPS_EXT_PAT: 'x' }, { organization: undefined })).toEqual([]);
  });
});
