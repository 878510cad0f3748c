// Every row of the table, as the user reads it. Read the snapshots when they change: they are the product.
import { describe, expect, test } from '@jest/globals';
import { PLAYED_REFUSALS, refuse } from '../../local-cloud/entra-refusals.js';
import { json, type PlayedResponse } from '../../local-cloud/http.js';
import { REFUSALS } from '../../src/entra/refusal-table.js';
import { refusal } from '../../src/entra/refusals.js';
import { report } from '../../src/report.js';
import { recordingSession } from '../support/recording.js';

const CLIENT = {
  clientId: '11111111-2222-3333-4444-555555555555',
  tenantId: 'aaaaaaaa-2222-3333-4444-555555555555',
};
const CLAIMS = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:contoso/widgets:ref:refs/heads/main',
  aud: 'api://AzureADTokenExchange',
  repository: 'contoso/widgets',
  repository_id: '812345678',
  repository_owner_id: '61234567',
  workflow_ref: 'contoso/widgets/.github/workflows/main.yml@refs/heads/main',
  job_workflow_ref: 'contoso/widgets/.github/workflows/main.yml@refs/heads/main',
};
/** What the texts that need details are filled with. */
const DETAILS: Readonly<Record<number, readonly string[]>> = {
  70021: [CLAIMS.iss, CLAIMS.sub, CLAIMS.aud],
  70025: ['widgets-ci', CLIENT.clientId],
  90002: [CLIENT.tenantId],
  500011: ['499b84ac-1321-427f-aa17-267ca6975798', CLIENT.tenantId],
  700016: [CLIENT.clientId, CLIENT.tenantId],
  700024: ['2026-11-23T10:00:00Z', '2026-11-23T09:00:00Z', '2026-11-23T09:15:00Z'],
  50020: ['ci@contoso.example', 'live.com', CLIENT.tenantId, CLIENT.clientId],
  700211: [CLAIMS.iss],
  700212: [CLAIMS.aud],
  700213: [CLAIMS.sub],
  900023: ['$(TENANT)'],
  1002012: ['x'],
  7000112: [CLIENT.clientId, 'widgets-ci'],
  7000229: [CLIENT.clientId, CLIENT.tenantId],
  7002137: [CLAIMS.sub],
  7002138: [CLAIMS.sub],
};

const session = { ...recordingSession(), skewSeconds: () => 380 };

function read(played: PlayedResponse, claims: object = CLAIMS) {
  const response = { status: played.status, headers: {}, body: String(played.body) };
  const error = refusal(response, CLIENT, claims as Readonly<Record<string, unknown>>, undefined, session);
  const { message, summary } = report(error);
  const stable = (text: string) =>
    text.replace(/((?:Trace|Correlation) ID: ).*/g, '$1…').replace(/^(Time: ).*/gm, '$1…');
  return { error, message: stable(message), summary: stable(summary) };
}

/** Where we do not know Entra's words, the code alone stands for them. */
const played = (code: number) =>
  code in PLAYED_REFUSALS
    ? refuse(code, DETAILS[code])
    : json(400, { error: 'x', error_description: `AADSTS${code}: …`, error_codes: [code] });

test.each(Object.keys(REFUSALS).map(Number))('AADSTS%i', (code) => {
  const { message, summary } = read(played(code));
  expect(message).toMatchSnapshot();
  expect(message.split('\n')[0]).toMatch(new RegExp(`^ENTRA_REFUSED: AADSTS${code}: [A-Z].*\\.$`));
  expect(message.split('\n').length).toBeLessThan(22);
  expect(summary).toBe(`### patless failed: ENTRA_REFUSED\n\n\`\`\`\`text\n${message}\n\`\`\`\`\n`);
});

test('an unknown code: its text, cleaned, and where to look it up', () => {
  const error_description = 'AADSTS99999: Something new.\r\n##[add-mask]x Trace ID: 1';
  const { message } = read(json(400, { error: 'invalid_grant', error_description, error_codes: [99999] }));
  expect(message).toContain('AADSTS99999: Something new. # #[add-mask]x\n');
  expect(message).toContain(
    'What to do: Look it up at https://login.microsoftonline.com/error?code=99999 or in',
  );
});

test.each([['__proto__'], ['constructor'], [[]], [{ 0: 700213 }]])(
  'odd error codes (%j) are no row',
  (codes) => {
    expect(read(json(400, { error: 'x', error_codes: codes })).message).toMatch(
      /^ENTRA_REFUSED: Microsoft Entra refused/,
    );
  },
);

describe('retries', () => {
  const classOf = (code: number) => read(played(code)).error.retry?.class;
  test.each([53003, 530032, 530035, 700211, 700212, 7002138, 7000112, 90002])(
    'AADSTS%i fails at once (D13)',
    (code) => expect(classOf(code)).toBeUndefined(),
  );
  test.each([
    [700213, 'propagation'],
    [70021, 'propagation'],
    [70025, 'propagation'],
    [700016, 'new-setup'],
    [700024, 'stale-assertion'],
    [90033, 'transient'],
  ])('AADSTS%i: %s', (code, kind) => expect(classOf(code)).toBe(kind));
});

test('Conditional Access: the policies are named', () => {
  expect(read(played(53003)).message).toContain(
    'Conditional Access policies: c0ffee00-1111-2222-3333-444444444444',
  );
  for (const claims of [
    '',
    '{',
    '[]',
    '{"access_token":1}',
    '{"access_token":{"capolids":{"values":[1,{}]}}}',
  ]) {
    expect(read(json(400, { error: 'x', error_codes: [53003], claims })).message).not.toContain('policies:');
  }
});

test.each([
  ['a\u202eb', 'characters that cannot be shown'],
  ['', 'characters that cannot be shown'],
  ['x'.repeat(601), 'takes 600 characters at most'],
])('a subject %j that no command can carry gets none, and the reason', (sub, reason) => {
  const { message } = read(played(700213), { ...CLAIMS, sub });
  expect(message).not.toContain('az ad app');
  expect(message).toContain(reason);
});

test('a subject that had to be changed for the log is marked, and whole in the command', () => {
  const { message } = read(played(700213), { ...CLAIMS, sub: 'repo:o/r:ref:refs/heads/fix##12' });
  expect(message).toContain('presented subject: repo:o/r:ref:refs/heads/fix# #12 (shown changed');
  const parameters = /--parameters '(.*)'$/m.exec(message)?.[1] ?? '';
  expect(JSON.parse(parameters)).toMatchObject({ subject: 'repo:o/r:ref:refs/heads/fix##12' });
});

test('names of credentials differ where any part does', () => {
  const nameOf = (more: object) =>
    /"name":"([^"]*)"/.exec(read(played(700213), { ...CLAIMS, ...more }).message)?.[1];
  const names = [
    {},
    { iss: 'https://x' },
    { sub: 'environment:eu-west' },
    { sub: 'environment:eu_west' },
  ].map(nameOf);
  expect(new Set(names).size).toBe(4);
  expect(nameOf({ sub: 'y'.repeat(600) })).toMatch(/^[A-Za-z0-9-]{100,120}$/);
});

test('an audience of the user’s own is not put into a credential', () => {
  const { message } = read(played(700212), { ...CLAIMS, aud: 'https://github.com/contoso' });
  expect(message).toContain('What to do: The audience of the credential');
  expect(message).toContain('Leave the input `audience` out');
  expect(message).not.toContain('az ad app');
});

test('a code that stands in the text alone counts', () => {
  const body = { error: 'x', error_description: 'AADSTS700213: No matching …' };
  expect(read(json(400, body)).message).toContain('ENTRA_REFUSED: AADSTS700213: No federated credential');
});

test('a clock that is right is not shown', () => {
  const right = { ...session, skewSeconds: () => 3 };
  const body = String(played(700024).body);
  expect(
    report(refusal({ status: 401, headers: {}, body }, CLIENT, CLAIMS, undefined, right)).message,
  ).not.toContain('clock:');
});

test('the credential of an Entra-issued Azure Pipelines token has the usual audience', () => {
  const aud = 'fb60f99c-7a34-4190-8149-302f77469936';
  const { message } = read(played(700213), {
    iss: 'https://login.microsoftonline.com/t/v2.0',
    sub: '/eid1/c/pub/t/a',
    aud,
  });
  expect(message).toContain('"audiences":["api://AzureADTokenExchange"]');
});

test('an audience in a list, as every token of Kubernetes has it, counts as the one in it', () => {
  const refused = refuse(700213, [CLAIMS.sub]);
  expect(read(refused, { ...CLAIMS, aud: [CLAIMS.aud] }).message).toBe(read(refused).message);
});

test('an audience that no input of ours has chosen is one for the credential, as on CircleCI', () => {
  const organization = '2f4c1b7e-3f65-4a0c-9d3e-0a1b2c3d4e5f';
  const claims = { iss: `https://oidc.circleci.com/org/${organization}`, sub: 'org/x', aud: organization };
  const { message } = read(played(700212), claims);
  expect(message).not.toContain('`audience` out');
  expect(message).toContain('Let the ID token have the audience api://AzureADTokenExchange, where');
  expect(message).toContain(`"audiences":["${organization}"]`);
});
