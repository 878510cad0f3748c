// Azure Pipelines, during the task: the agent's environment to read, its logging commands to tell and to change the job.
import { tmpdir } from 'node:os';
import { parseOrganization, SHARED_HOST } from '../azure-devops/organization.js';
import { AUTHORITY_HOST } from '../entra/addresses.js';
import { connectionMistakes, serviceConnection } from '../identity/service-connection.js';
import { OUTPUT_NAMES } from '../outcome.js';
import { printable } from '../printable.js';
import { programBeside } from '../program.js';
import { agentProxy } from './agent-proxy.js';
import { type Host, RECEIPTS, type Trigger } from './host.js';
import { inPipelineWords, taskInput } from './pipelines-words.js';
import { setVariable, vsoCommand } from './vso-commands.js';

/** Variables of the agent itself; SYSTEM_ACCESSTOKEN is one that tools read a token from, and no variable of the agent. */
const RESERVED =
  /^(?:AGENT|AZP|BUILD|ENDPOINT|RELEASE|SECRET|SECUREFILE|SYSTEM(?!_ACCESSTOKEN$)|TASK|TF_BUILD|VSTS)(?:_|$)/;

/** In upper case: the agent compares the names of variables without case. */
const OUTPUTS = OUTPUT_NAMES.map((name) => camelCase(name).toUpperCase());

/** Changes the environment of this process: the agent's proxy settings count before the job's own variables. */
export function azurePipelines(): Host {
  Object.assign(process.env, agentProxy(process.env, contactedHosts()));
  return {
    environment: process.env,
    program: programBeside(process.argv[1] ?? ''),
    temp: process.env.AGENT_TEMPDIRECTORY || tmpdir(),
    ownIdentity: 'azure-pipelines-oidc',
    input,
    mistakes: (wishes) => [
      ...connectionMistakes(process.env, wishes.needsClient),
      ...(wishes.needsClient ? [] : foreignOrganization()),
      ...wishes.variables.flatMap(variableMistakes),
    ],
    currentValue: (variable) => process.env[variable] || process.env[`SECRET_${variable}`] || '',
    trigger,
    log: (line) => print(`${printable(inPipelineWords(line))}\n`),

    mask(values) {
      for (const value of values) print(vsoCommand('task.setsecret', {}, value));
      return flushed();
    },
    beginWrites(receipts) {
      print(vsoCommand('task.settaskvariable', { variable: RECEIPTS }, receipts));
      // Lines on stdout do not fail half-way as files do; what the agent has read, it cannot be asked to forget.
      return () => undefined;
    },
    // The value itself is masked by now.
    setEnvironment: (variable, value) => print(setVariable(variable, value)),
    setOutput: (name, value, isSecret) =>
      print(
        vsoCommand(
          'task.setvariable',
          { variable: camelCase(name), isoutput: 'true', ...(isSecret && { issecret: 'true' }) },
          value,
        ),
      ),

    async fail(message) {
      const text = inPipelineWords(message) + noteOnMaskedId(message);
      print(vsoCommand('task.logissue', { type: 'error' }, text));
      // Not by an exit code, which the agent takes for a fault of the machine.
      print(vsoCommand('task.complete', { result: 'Failed' }, ''));
    },
  };
}

function print(text: string): void {
  process.stdout.write(text);
}

/** Writes to a pipe are asynchronous on POSIX; the callback of a later write says that the masks are out. */
function flushed(): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write('', (error) => (error ? reject(error) : resolve()));
  });
}

function contactedHosts(): string[] {
  const service = process.env.SYSTEM_OIDCREQUESTURI ?? '';
  return [AUTHORITY_HOST, SHARED_HOST, ...(URL.canParse(service) ? [new URL(service).host] : [])];
}

/** The client is the service connection's; the organization is the pipeline's own, unless another one is named. */
function input(name: string): string {
  const connection = serviceConnection(process.env);
  if (name === 'client-id') return connection?.clientId ?? '';
  if (name === 'tenant-id') return connection?.tenantId ?? '';
  const given = (process.env[`INPUT_${taskInput(name).toUpperCase()}`] ?? '').trim();
  return given === '' && name === 'organization' ? (process.env.SYSTEM_COLLECTIONURI ?? '') : given;
}

function foreignOrganization(): string[] {
  const [own, wanted] = [process.env.SYSTEM_COLLECTIONURI ?? '', input('organization')].map(
    parseOrganization,
  );
  if (own === undefined || wanted === undefined || own.name === wanted.name) return [];
  return [
    `\`organization\` must be the pipeline's own, ${own.name}, with \`identity: job-token\`: ` +
      'for another one, use a service connection.',
  ];
}

function variableMistakes(variable: string): string[] {
  if (variable !== variable.toUpperCase()) {
    return [
      `\`exportEnv\` may not set "${variable}": the agent gives it to later steps as ${variable.toUpperCase()}. Write it ` +
        `so, or give a step the token by \`env: ${variable}: $(NAME.token)\`, where NAME is the name of this step.`,
    ];
  }
  if (RESERVED.test(variable)) {
    return [`\`exportEnv\` may not set "${variable}": it belongs to the agent; choose another name.`];
  }
  if (OUTPUTS.includes(variable)) {
    return [
      `\`exportEnv\` may not set "${variable}": it is an output of this task, which the agent does not tell from a ` +
        'variable; choose another name.',
    ];
  }
  return [];
}

/** The agent takes a connection's client ID for a secret, and a command that is to be pasted shows ***. */
function noteOnMaskedId(message: string): string {
  const clientId = input('client-id');
  const isShown = clientId !== '' && message.includes(clientId);
  return isShown ? "\nThe agent shows the client ID as ***: the service connection's page has it." : '';
}

function trigger(): Trigger {
  if (process.env.SYSTEM_PULLREQUEST_ISFORK?.toLowerCase() !== 'true') return { kind: 'trusted' };
  return {
    kind: 'untrusted',
    reason: 'a pull request from a fork set off this build',
    guard: "condition: and(succeeded(), ne(variables['System.PullRequest.IsFork'], 'True'))",
  };
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
