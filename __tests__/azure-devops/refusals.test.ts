// Every row of the table of Azure DevOps, as the user reads it. Read the snapshots when they change.
import { expect, test } from '@jest/globals';
import { REFUSALS, refusal } from '../../src/azure-devops/refusals.js';
import type { HttpResponse } from '../../src/http.js';
import { report } from '../../src/report.js';
import { tokenFor } from '../support/tokens.js';

const TENANT = 'aaaaaaaa-2222-3333-4444-555555555555';
const TEXTS: Readonly<Record<string, string>> = {
  TF401444: `Please sign-in at least once as ${TENANT}\\${TENANT}\\bbbb in a web browser to enable access to the service.`,
  TF400813: "The user '' is not authorized to access this resource.",
  VS403463: 'The conditional access policy defined by your Microsoft Entra administrator has failed.',
  VS800075:
    "The project with id 'vstfs:///Classification/TeamProject/1' does not exist, or you do not have permission to access it.",
  TF401019:
    'The Git repository with name or identifier app does not exist or you do not have permissions for the operation you are attempting.',
  TF400733:
    'The request has been canceled: Request was blocked due to exceeding usage of resource x in namespace y.',
};

function read(response: Partial<HttpResponse>, objectId = 'bbbbbbbb-2222-3333-4444-555555555555'): string {
  const verified = tokenFor('contoso');
  const token = { ...verified, tenantId: TENANT, objectId };
  return report(refusal({ status: 401, headers: {}, body: '', ...response }, token, verified.organization, 0))
    .message;
}
const said = (message: string) => ({ body: JSON.stringify({ message }) });

test.each(Object.keys(REFUSALS))('%s', (code) => {
  const message = read(said(`${code}: ${TEXTS[code]}`));
  expect(message).toMatchSnapshot();
  expect(message).toContain(`did not accept the token: ${code}: ${REFUSALS[code]?.happened}`);
});

test('a page says it in its title', () => {
  expect(read({ body: `<html><title>VS403463: ${TEXTS.VS403463}</title>` })).toContain(
    'token: VS403463: A Conditional',
  );
});

test.each<[string, Partial<HttpResponse>, string]>([
  ['203', { status: 203 }, 'it answered 203 with something else than JSON data'],
  ['302', { status: 302 }, 'it answered 302, a redirect to a sign-in page, which is not followed'],
  ['an unknown text', said('VS1: what ##[error]'), 'VS1: what # #[error]'],
])('%s: the cure is to add the service principal', (_, response, text) => {
  const message = read(response);
  expect(message).toContain(text);
  expect(message).toContain('"originId":"bbbbbbbb-2222-3333-4444-555555555555"');
});

test.each([503, 429, 500])('%i says nothing of the service principal', (status) => {
  expect(read({ status })).toContain('What to do: Azure DevOps is not well, or slows this identity down');
});

test('another tenant is named, with its organization', () => {
  const other = '99999999-2222-3333-4444-555555555555';
  const headers = { 'www-authenticate': `Bearer authorization_uri=https://login.windows.net/${other}` };
  const message = read({ headers });
  expect(message).toContain(`It is connected to tenant ${other}, and the token is of tenant ${TENANT}.`);
  expect(read({ headers: { 'x-vss-resourcetenant': TENANT } })).not.toContain('connected to');
});

test('an organization of Microsoft accounts is called one', () => {
  const headers = { 'x-vss-resourcetenant': '00000000-0000-0000-0000-000000000000' };
  expect(read({ headers })).toContain('backed by Microsoft accounts');
});

test('an opaque token leaves the object ID to be filled in', () => {
  expect(read(said(`TF401444: ${TEXTS.TF401444}`), '')).toContain('"originId":"OBJECT_ID"');
});

test("a user is not told to add a service principal, and to sign in to the organization's tenant", () => {
  const other = '99999999-2222-3333-4444-555555555555';
  const verified = tokenFor('contoso');
  const token = { ...verified, tenantId: TENANT, holder: 'user' as const };
  const hint = (response: Partial<HttpResponse>) =>
    refusal({ status: 401, headers: {}, body: '', ...response }, token, verified.organization, 0).hint;
  expect(hint(said(`TF400813: ${TEXTS.TF400813}`))).toBe(
    'Let who runs the organization add this user, at https://dev.azure.com/contoso/_settings/users.',
  );
  expect(hint({ headers: { 'x-vss-resourcetenant': other } })).toContain(`az login --tenant ${other}`);
});
