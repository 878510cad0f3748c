// npm run picture: the job summary of a refused sign-in, made by the real action in the local cloud, as GitHub would show it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marked } from 'marked';
import { startLocalCloud } from './cloud.js';
import { Job } from './runner/job.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PICTURE = join(PROJECT, 'docs/images/refused.png');

const STYLE = `
  body { margin: 0; padding: 24px; width: 1060px; font: 16px/1.5 "DejaVu Sans", sans-serif; color: #1f2328; background: #fff }
  h3 { font-size: 20px; margin: 0 0 16px }
  pre { padding: 16px; border-radius: 6px; background: #f6f8fa; white-space: pre-wrap; word-break: break-word }
  code { font: 13px/1.45 "DejaVu Sans Mono", monospace }`;

/** As it happens to most: the federated credential names another branch. */
async function summaryOfARefusal(): Promise<string> {
  const cloud = await startLocalCloud();
  const { application, entra, github } = cloud;
  const [credential] = application.federatedCredentials;
  if (credential === undefined) throw new Error('the played application trusts nobody');
  application.federatedCredentials = [
    { ...credential, subject: github.job.subject.replace('main', 'release') },
  ];
  const job = await Job.start({
    environment: { ...cloud.networkEnvironment(), ...cloud.identityEnvironment() },
  });
  const inputs = { 'client-id': application.clientId, 'tenant-id': entra.tenant.tenantId };
  const { summary } = await job.action(PROJECT, inputs);
  job.remove();
  await cloud.stop();
  if (!summary.includes('AADSTS700213')) throw new Error(`another summary: ${summary}`);
  return summary;
}

const page = mkdtempSync(join(tmpdir(), 'picture-'));
const file = join(page, 'summary.html');
writeFileSync(
  file,
  `<meta charset="utf-8"><style>${STYLE}</style>${await marked(await summaryOfARefusal())}`,
);
mkdirSync(join(PICTURE, '..'), { recursive: true });
const options = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--window-size=1108,620',
];
execFileSync(
  'chromium',
  [...options, `--user-data-dir=${page}`, `--screenshot=${PICTURE}`, pathToFileURL(file).href],
  { stdio: 'ignore' },
);
rmSync(page, { recursive: true, force: true });
