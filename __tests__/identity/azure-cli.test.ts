import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installAzureCli } from '../../local-cloud/signed-in-azure-cli.js';
import { PatlessError } from '../../src/errors.js';
import { azureCli } from '../../src/identity/azure-cli.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const TENANT = 'aaaaaaaa-2222-3333-4444-555555555555';
const OTHER = 'cccccccc-2222-3333-4444-555555555555';
const OBJECT = 'bbbbbbbb-2222-3333-4444-555555555555';
const LATER = Math.floor(Date.now() / 1000) + 3600;
const claims = { oid: OBJECT, tid: TENANT, uti: 'u', exp: LATER };

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'az-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const obtain = (tenantId?: string, session = recordingSession()) =>
  azureCli({ PATH: `.:${folder}` }, { tenantId }).obtain(session);

/** A program that is no good `az`. */
function script(text: string): void {
  writeFileSync(join(folder, 'az'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'az'), 0o700);
}

describe('takes the token', () => {
  test.each([
    ['a service principal', { idtyp: 'app' }, 'service principal'],
    ['a user', { scp: 'user_impersonation' }, 'user'],
  ])('of %s', async (_, more, holder) => {
    const accessToken = jwt({ ...claims, ...more });
    installAzureCli(folder, { tenantId: TENANT, accessToken });
    const token = await obtain();
    expect(token).toMatchObject({ holder, tenantId: TENANT, objectId: OBJECT, tokenId: 'u' });
    expect(token.secret.reveal()).toBe(accessToken);
    expect(token.expiresOn.getTime()).toBe(LATER * 1000);
  });

  test('in the tenant that was asked for', async () => {
    installAzureCli(folder, { tenantId: TENANT, accessToken: jwt(claims) });
    expect(await obtain(TENANT)).toMatchObject({ tenantId: TENANT });
  });

  test('that is opaque, when the answer says its end', async () => {
    installAzureCli(folder, {
      tenantId: TENANT,
      accessToken: 'opaque-token-of-some-length',
      expiresOn: LATER,
    });
    expect(await obtain()).toMatchObject({ tenantId: TENANT, objectId: '', holder: 'service principal' });
  });

  test('that is masked first', async () => {
    const accessToken = jwt({ ...claims, tid: OTHER });
    installAzureCli(folder, { tenantId: TENANT, accessToken });
    const masked: string[] = [];
    const session = {
      ...recordingSession(),
      mask: async (secrets: readonly { reveal(): string }[]) =>
        void masked.push(...secrets.map((secret) => secret.reveal())),
    };
    await expect(obtain(TENANT, session)).rejects.toMatchObject({ code: 'IDENTITY_UNEXPECTED' });
    expect(masked[0]).toBe(accessToken);
  });

  test('by a process that starts in no workspace, sends no telemetry and meets no open standard input', async () => {
    script(`{ pwd; echo "$@"; echo $AZURE_CORE_COLLECT_TELEMETRY; /bin/cat; } > ${folder}/seen; echo '{}'`);
    await obtain(TENANT).catch(() => undefined);
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(
      `${folder}\naccount get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --output json --tenant ${TENANT}\nfalse\n`,
    );
  });
});

describe('tells apart', () => {
  const failure = async (tenantId?: string) => {
    const error: unknown = await obtain(tenantId).catch((thrown: unknown) => thrown);
    if (!(error instanceof PatlessError)) throw error;
    const { code, message, hint, references } = error;
    expect(code).toBe('ID_TOKEN_UNAVAILABLE');
    return { message, hint, said: references.join() };
  };

  test('not installed', async () => {
    expect(await failure()).toMatchObject({
      message: 'The Azure CLI is not installed: there is no `az` in the PATH.',
      hint: expect.stringContaining('az login'),
    });
  });

  test('not signed in', async () => {
    installAzureCli(folder, undefined);
    expect(await failure(TENANT)).toMatchObject({
      message: 'Nobody is signed in to the Azure CLI, or that sign-in is no longer good.',
      hint: expect.stringContaining(`az login --tenant ${TENANT}`),
      said: "The Azure CLI says: ERROR: Please run 'az login' to setup account.",
    });
  });

  test('a sign-in that is no longer good', async () => {
    script(
      'echo "ERROR: AADSTS700082: The refresh token has expired.\nTo re-authenticate, please run:\naz login" >&2; exit 1',
    );
    expect((await failure()).message).toContain('no longer good');
  });

  test('another tenant', async () => {
    installAzureCli(folder, { tenantId: TENANT, accessToken: jwt(claims) });
    expect(await failure(OTHER)).toMatchObject({
      message: `Who is signed in to the Azure CLI is not in the tenant ${OTHER}.`,
      hint: `Check \`tenant-id\`, or sign in there with: az login --tenant ${OTHER}`,
    });
  });

  test('another error, whose text is made harmless; what was printed beside it is not shown', async () => {
    script(
      `echo "secret stdout"; printf 'WARNING: old\\nERROR: \\033[31mbroken ::error::x ##vso[y] ${jwt({})}\\n' >&2; exit 3`,
    );
    const { message, said } = await failure();
    expect(message).toBe('The Azure CLI gave no token (exit code 3).');
    expect(said).toBe('The Azure CLI says: ERROR:  [31mbroken : :error: :x # #vso[y] ***');
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'echo hello'],
    ['no token', `echo '{"expires_on":${LATER}}'`],
    ['an opaque token without an end', `echo '{"accessToken":"opaque-token-of-some-length"}'`],
  ])('an answer with %s', async (_, text) => {
    script(text);
    expect((await failure()).message).toBe(
      "The Azure CLI's answer holds no token that says when it expires.",
    );
  });

  test('an expired token', async () => {
    installAzureCli(folder, { tenantId: TENANT, accessToken: jwt({ ...claims, exp: 1_000_000_000 }) });
    expect((await failure()).message).toBe("The Azure CLI's token expired at 2001-09-09T01:46:40.000Z.");
  });

  test('a program that cannot be run', async () => {
    writeFileSync(join(folder, 'az'), '#!/nowhere/python\n', { mode: 0o700 });
    expect((await failure()).message).toBe('The Azure CLI could not be run (ENOENT).');
  });
});

test('ends with the run', async () => {
  script('exec /bin/sleep 30');
  const reason = new PatlessError('TIMEOUT', 'over', { hint: 'none' });
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 200);
  await expect(obtain(undefined, { ...recordingSession(), deadline: controller.signal })).rejects.toBe(
    reason,
  );
});
