// What patless offers in a PAT's place, in one sentence.
import type { Use } from './finding.js';
import type { Setting } from './reading.js';
import type { Value } from './value.js';

export interface Replaced {
  readonly use: Use;
  readonly value: Value;
  readonly variable?: string;
  readonly configure?: string;
}

const TOOL: Partial<Record<Use, string>> = {
  git: 'git',
  npm: 'npm',
  nuget: 'nuget',
  python: 'pip',
  maven: 'maven',
  gradle: 'gradle',
  cargo: 'cargo',
  cli: 'az-devops',
  terraform: 'terraform',
};

const WITHOUT: Partial<Record<Use, string>> = {
  git: 'write the URL without user and password, and no header',
  npm: 'remove this line',
  nuget: 'keep the source and remove its password',
  python: 'write the URL without user and password',
  maven: 'remove this server',
  gradle: 'remove the credentials',
  cargo: 'remove the token',
  cli: 'remove this sign-in',
  terraform: 'remove the argument',
};

const REVOKE = 'Revoke this PAT: whoever can read the file, or its history, has it.';

/** @returns null where patless has nothing to offer. */
export function replacementFor(replaced: Replaced, setting: Setting): string | null {
  const instead = insteadOf(replaced, setting);
  if (replaced.value.kind !== 'literal') return instead ?? null;
  return instead === undefined ? REVOKE : `${instead} ${REVOKE}`;
}

function insteadOf({ use, variable, configure }: Replaced, setting: Setting): string | undefined {
  const inPipelines = setting === 'pipelines';
  const on = inPipelines ? 'on the task Patless@1' : 'on the patless step';
  const exportEnv = inPipelines ? 'exportEnv' : 'export-env';
  const token = inPipelines ? '`$(ado.token)`' : 'the output `token`';
  // patless registers no agents.
  if (/^(?:AZP_TOKEN|VSTS_AGENT_INPUT_TOKEN)$/i.test(variable ?? '')) return undefined;
  const tool = configure ?? TOOL[use];
  if (variable !== undefined && configure === undefined) {
    const isVariable = /^[A-Z_][A-Z0-9_]*$/.test(variable);
    return isVariable
      ? `\`${exportEnv}: ${variable}\` ${on}; remove this line.`
      : `Pass ${token} of patless here.`;
  }
  if (tool !== undefined) {
    const rest = variable === undefined ? (WITHOUT[use] ?? 'remove this line') : 'remove this line';
    return `\`configure: ${tool}\` ${on}; ${rest}.`;
  }
  if (use === 'rest')
    return `\`Authorization: Bearer\` with ${token} of patless, in place of Basic with a PAT.`;
  if (use === 'marketplace') return `\`${exportEnv}: VSCE_PAT\` ${on}; remove the option.`;
  if (use === 'docker') {
    return 'A BuildKit secret in place of it: `--secret id=ado_token,env=PATLESS_TOKEN_<ORGANIZATION>`.';
  }
  return undefined;
}
