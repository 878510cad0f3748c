// SARIF 2.1.0, which GitHub and Azure DevOps show as code scanning results.
import { createHash } from 'node:crypto';
import { VERSION } from '../../version.js';
import type { Confidence, Finding, Skipped, Use } from '../finding.js';
import { listing, type Report, type Write } from './report.js';

const LEVELS: Record<Confidence, string> = { certain: 'error', likely: 'warning', possible: 'note' };

const USED_FOR: Record<Use, string> = {
  git: 'for git',
  rest: 'for the REST API',
  npm: 'for an npm feed',
  nuget: 'for a NuGet feed',
  python: 'for a Python feed',
  maven: 'for a Maven feed',
  gradle: 'for a Maven feed, by Gradle',
  cargo: 'for a Cargo feed',
  cli: 'for the Azure DevOps CLI',
  terraform: 'for Terraform',
  docker: 'in a container',
  marketplace: 'for the Visual Studio Marketplace',
  unknown: '',
};

export function sarifReport(write: Write): Report {
  const notifications: object[] = [];
  const occurrences = new Map<string, number>();
  let separator = '\n';
  const rules = Object.entries(USED_FOR).map(([use, what]) => ruleOf(use, what));
  const driver = { name: 'patless', version: VERSION, semanticVersion: VERSION, rules };
  write(
    `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":${JSON.stringify({ driver })},"columnKind":"utf16CodeUnits","results":[`,
  );
  return {
    judged: listing((finding) => {
      write(`${separator}${JSON.stringify(resultOf(finding, occurrences))}`);
      separator = ',\n';
    }),
    skipped: (skipped) => void notifications.push(notificationOf(skipped)),
    end: () => {
      const invocation = { executionSuccessful: true, toolExecutionNotifications: notifications };
      write(`\n],"invocations":[${JSON.stringify(invocation)}]}]}\n`);
    },
  };
}

function ruleOf(use: string, what: string) {
  return {
    id: `stored-pat/${use}`,
    name: 'StoredPersonalAccessToken',
    shortDescription: { text: `Azure DevOps personal access token ${what}`.trim() },
    help: {
      text: 'A job can sign in with its own identity instead: it then has no secret that can leak or expire.',
    },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['security', 'secrets'] },
  };
}

function resultOf(finding: Finding, occurrences: Map<string, number>) {
  const { file, line, use, organization, confidence, message, replacement } = finding;
  // Lines move; what was found where stays the same finding, and the second of its kind the second.
  const kind = `${file}\n${use}\n${message}`;
  const occurrence = (occurrences.get(kind) ?? 0) + 1;
  occurrences.set(kind, occurrence);
  return {
    ruleId: `stored-pat/${use}`,
    level: LEVELS[confidence],
    message: { text: replacement === null ? message : `${message} Instead: ${replacement}` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } },
    ],
    partialFingerprints: {
      'patless/v1': createHash('sha256').update(`${kind}\n${occurrence}`).digest('hex').slice(0, 32),
    },
    properties: { use, organization, confidence },
  };
}

function notificationOf({ file, reason }: Skipped) {
  return {
    level: 'note',
    message: { text: reason },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  };
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
