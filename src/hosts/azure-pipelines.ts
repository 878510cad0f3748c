// Azure Pipelines, during the task: the agent's environment to read, its logging commands to tell and to change the job.
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';
import { type Organization, parseOrganization } from '../azure-devops/organization.js';
import { connectionMistakes, serviceConnection } from '../identity/service-connection.js';
import { OUTPUT_NAMES } from '../outcome.js';
import { printable } from '../printable.js';
import { agentProxy, contactedHosts } from './agent-proxy.js';
import { type Host, RECEIPTS } from './host.js';
import { triggerOfBuild } from './pipelines-trigger.js';
import { inPipelineWords, taskInput } from './pipelines-words.js';
import { flushed, print } from './stdout.js';
import { setVariable, vsoCommand } from './vso-commands.js';

/** The agent's own; a variable named SYSTEM_ACCESSTOKEN would stand in for the job's token in every later `env:`. */
const RESERVED =
  /^(?:AGENT|AZP|BUILD|COMMON|DECODE_PERCENTS|ENDPOINT|ENVIRONMENT|MSDEPLOY|PIPELINE|RELEASE|RESOURCES|SECRET|SECUREFILE|STRATEGY|SYSTEM|TASK|TF_BUILD|VSTS)(?:_|$)/;

/** In upper case: the agent compares the names of variables without case. */
const OUTPUTS = OUTPUT_NAMES.map((name) => camelCase(name).toUpperCase());

/** Changes the environment of this process: the agent's proxy settings count before the job's own variables. */
export function azurePipelines(): Host {
  Object.assign(process.env, agentProxy(process.env, contactedHosts(process.env)));
  return {
    environment: process.env,
    temp: process.env.AGENT_TEMPDIRECTORY || tmpdir(),
    identities: ['azure-pipelines-oidc', 'job-token'],
    input,
    mistakes: (needsClient) => [
      ...unknownOrganization(),
      ...connectionMistakes(process.env, needsClient),
      ...(needsClient ? [] : jobTokenMistakes()),
    ],
    mistakesIn: variableMistakes,
    currentValue: (variable) => process.env[variable] || process.env[`SECRET_${variable}`] || '',
    trigger: () => triggerOfBuild(process.env),
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
    setEnvironment,
    setOutput: (name, value, isSecret) =>
      print(
        vsoCommand(
          'task.setvariable',
          { variable: camelCase(name), isoutput: 'true', ...(isSecret && { issecret: 'true' }) },
          value,
        ),
      ),

    // Not task.prependpath, which a task with restricted commands may not use.
    addPath: (folder) => print(setVariable('PATH', [folder, process.env.PATH ?? ''].join(delimiter))),

    async fail(message) {
      const text = inPipelineWords(message) + noteOnMaskedId(message);
      print(vsoCommand('task.logissue', { type: 'error' }, text));
      // Not by an exit code, which the agent takes for a fault of the machine.
      print(vsoCommand('task.complete', { result: 'Failed' }, ''));
    },
  };
}

/** The client is the service connection's; the organization is the pipeline's own, unless another one is named. */
function input(name: string): string {
  const connection = serviceConnection(process.env);
  if (name === 'client-id') return connection?.clientId ?? '';
  if (name === 'tenant-id') return connection?.tenantId ?? '';
  if (name === 'audience') return '';
  const given = (process.env[`INPUT_${taskInput(name).toUpperCase()}`] ?? '').trim();
  return given === '' && name === 'organization' ? (ownOrganization()?.url ?? '') : given;
}

/** The older URLs may name the collection that every organization has. */
function ownOrganization(): Organization | undefined {
  return parseOrganization((process.env.SYSTEM_COLLECTIONURI ?? '').replace(/\/DefaultCollection\/?$/i, ''));
}

function unknownOrganization(): string[] {
  if (input('organization') !== '') return [];
  return [
    `The agent works for ${quotable(process.env.SYSTEM_COLLECTIONURI)}, which is no organization of Azure DevOps Services: ` +
      'name one in `organization`. Azure DevOps Server is not supported.',
  ];
}

function quotable(text = ''): string {
  return text === '' ? 'no collection that it names' : printable(text).slice(0, 60);
}

function jobTokenMistakes(): string[] {
  const [own, wanted] = [ownOrganization(), parseOrganization(input('organization'))];
  return [
    ...(wanted !== undefined && wanted.name !== own?.name
      ? [
          `\`organization\` must be the pipeline's own, ${own?.name ?? 'which the agent does not name'}, with ` +
            '`identity: job-token`: for another one, use a service connection.',
        ]
      : []),
    ...(input('expected-object-id') === ''
      ? []
      : [
          '`expectedObjectId` cannot be met with `identity: job-token`: its token is of no service principal.',
        ]),
  ];
}

/** The value itself is masked by now. */
function setEnvironment(variable: string, value: string): void {
  if (value !== '' && process.env[`SECRET_${variable}`]) {
    print(
      `Note: ${variable} is a secret variable of this pipeline, and stays one: a step gets it only by an \`env:\` ` +
        `with $(${variable}).\n`,
    );
  }
  print(setVariable(variable, value));
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

/** The agent masks a connection's client ID, so that a command which is to be pasted shows *** in its place. */
function noteOnMaskedId(message: string): string {
  const clientId = input('client-id');
  const isShown = clientId !== '' && message.includes(clientId);
  return isShown ? "\nThe agent shows the client ID as ***: the service connection's page has it." : '';
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
