// One step as it runs: what its lines print, and what the commands in them change
// (azure-pipelines-agent, WorkerCommandManager.cs, TaskCommandExtension.cs, ExecutionContext.cs).
import { type AgentCommand, escapeCommand, parseCommand, unescapeCommand } from './commands.js';
import type { AgentMasker } from './masker.js';
import { allowsCommand, allowsVariable, type TaskRestrictions } from './restrictions.js';
import { environmentName, type VariableKind, type Variables } from './variables.js';

/** From the best to the worst. */
const RESULTS = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'] as const;
export type TaskResult = (typeof RESULTS)[number];

export interface Issue {
  readonly type: 'error' | 'warning';
  /** Masked. */
  readonly message: string;
}

export interface StepContext {
  /** The prefix of its output variables. */
  readonly name: string;
  readonly variables: Variables;
  readonly taskVariables: Variables;
  readonly masker: AgentMasker;
  readonly restrictions: readonly TaskRestrictions[];
  /** Those that the task declares: output variables without isOutput. */
  readonly outputVariables: readonly string[];
  /** Puts text into the log, masked. */
  readonly print: (text: string) => void;
  readonly prependPath: (folder: string) => void;
}

const HELP = 'Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)';
const ACCEPTED_COMMANDS = 'https://go.microsoft.com/fwlink/?LinkId=817296';
const READ_ONLY_HELP =
  'See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.';
/** Areas that this small agent takes commands of and does nothing with. */
const OTHER_AREAS = ['artifact', 'build', 'codecoverage', 'release', 'results', 'telemetry'];
/** Events of the task area on which nothing here depends. */
const WITHOUT_EFFECT = [
  'addattachment',
  'logdetail',
  'setendpoint',
  'setprogress',
  'uploadfile',
  'uploadsummary',
];

export class Step {
  readonly commands: AgentCommand[] = [];
  readonly issues: Issue[] = [];
  /** Public variables, by the names that later steps find them under. */
  readonly environment = new Map<string, string>();
  /** Output variables, secret ones too, by their short names. */
  readonly outputs = new Map<string, string>();
  readonly state = new Map<string, string>();
  #result: TaskResult = 'Succeeded';

  constructor(private readonly context: StepContext) {}

  get result(): TaskResult {
    return this.#result;
  }

  /** A line of stdout or stderr. */
  readLine(line: string): void {
    const command = parseCommand(line);
    if (command === undefined) {
      if (line.includes('##vso')) this.warn(unknownKeyword(line));
      this.context.print(line);
      return;
    }
    this.commands.push(command);
    const area = command.area.toLowerCase();
    if (area !== 'task' && !OTHER_AREAS.includes(area)) {
      this.warn(unknownArea(command));
      return;
    }
    try {
      if (area === 'task') this.#execute(command);
    } catch (error) {
      this.fail(`Unable to process command '${line}' successfully. ${HELP}`);
      this.fail((error as Error).message);
    }
    if (command.event.toLowerCase() !== 'debug') this.#debug(`Processed: ${unescapeCommand(line)}`);
  }

  fail(message: string): void {
    this.#issue('error', message);
    this.#worsen('Failed');
  }

  warn(message: string): void {
    this.#issue('warning', message);
  }

  /** @throws Error for what the agent answers with an error of its own, which fails the step. */
  #execute(command: AgentCommand): void {
    const event = command.event.toLowerCase();
    const execute = this.#events.get(event);
    if (execute === undefined) {
      throw new Error(
        `##vso[task.${command.event}] is not a recognized command for Task command extension. ${HELP}.`,
      );
    }
    if (!this.context.restrictions.every((restrictions) => allowsCommand(restrictions, event))) {
      this.warn(
        `##vso[${command.area}.${command.event}] is not allowed in this step due to policy restrictions. ${HELP}`,
      );
      return;
    }
    execute(command);
  }

  readonly #events = new Map<string, (command: AgentCommand) => void>([
    ['complete', (command) => this.#complete(command)],
    ['debug', ({ data }) => this.#debug(data)],
    ['issue', (command) => this.#logIssue(command)],
    ['logissue', (command) => this.#logIssue(command)],
    ['prependpath', (command) => this.#prependPath(command)],
    ['setsecret', ({ data }) => this.context.masker.add(data)],
    ['settaskvariable', (command) => this.#setTaskVariable(command)],
    ['setvariable', (command) => this.#setVariable(command)],
    ...WITHOUT_EFFECT.map((event) => [event, () => undefined] as const),
  ]);

  #complete({ properties }: AgentCommand): void {
    const result = RESULTS.find((name) => name === properties.result);
    if (result === undefined) throw new Error("Command doesn't have valid result value.");
    this.#worsen(result);
  }

  #prependPath({ data }: AgentCommand): void {
    if (this.#maySet('PATH')) this.context.prependPath(data);
  }

  #setTaskVariable(command: AgentCommand): void {
    const name = nameIn(command);
    this.context.taskVariables.set(name, command.data, kindOf(command));
    this.state.set(name, command.data);
  }

  #setVariable(command: AgentCommand): void {
    const { variables, masker, name: stepName, outputVariables } = this.context;
    const name = nameIn(command);
    if (variables.find(name)?.readOnly) {
      this.warn(
        `Overwriting readonly variable '${name}'. This behavior will be disabled in the future. ${READ_ONLY_HELP}`,
      );
    }
    const kind = kindOf(command);
    if (kind.secret) masker.add(escapeCommand(command.data));
    if (!this.#maySet(name)) return;
    const isOutput = isTrue(command, 'isoutput');
    if (isOutput || outputVariables.some((output) => output.toLowerCase() === name.toLowerCase())) {
      variables.set(`${stepName}.${name}`, command.data, {
        ...kind,
        readOnly: isOutput || kind.readOnly === true,
      });
      this.outputs.set(name, command.data);
      return;
    }
    variables.set(name, command.data, kind);
    const isPublic = variables.find(name)?.secret === false;
    if (isPublic) this.environment.set(environmentName(name, kind.preserveCase), command.data);
  }

  #maySet(name: string): boolean {
    const allowed = this.context.restrictions.every((restrictions) => allowsVariable(restrictions, name));
    if (!allowed) this.warn(`Setting variable '${name}' has been disabled by the task or build definition.`);
    return allowed;
  }

  /** An error in the log does not make the step fail. */
  #logIssue({ properties, data }: AgentCommand): void {
    const type = properties.type?.toLowerCase();
    if (type === undefined) this.warn("Can't create TaskIssue from logging event.");
    else if (type === 'error' || type === 'warning') this.#issue(type, data);
    else throw new Error(`issue type ${properties.type} is not an expected issue type.`);
  }

  #issue(type: Issue['type'], text: string): void {
    const message = this.context.masker.mask(text);
    this.issues.push({ type, message });
    if (message !== '') this.context.print(`##[${type}]${message}`);
  }

  #debug(text: string): void {
    const isOn = this.context.variables.find('System.Debug')?.value.toLowerCase() === 'true';
    if (isOn) this.context.print(`##[debug]${text}`);
  }

  #worsen(result: TaskResult): void {
    if (RESULTS.indexOf(result) > RESULTS.indexOf(this.#result)) this.#result = result;
  }
}

function unknownKeyword(line: string): string {
  return `'${line}' contains logging command keyword '##vso', but it's not a legal command. Please see the list of accepted commands: ${ACCEPTED_COMMANDS}`;
}

function unknownArea({ area }: AgentCommand): string {
  return `Cannot find command extension for ##vso[${area}.command]. ${HELP}`;
}

function nameIn({ event, properties }: AgentCommand): string {
  const { variable } = properties;
  if (variable === undefined) {
    throw new Error(`Required field 'variable' is missing in ##vso[task.${event}] command.`);
  }
  return variable;
}

/** @throws Error for a secret of several lines. */
function kindOf(command: AgentCommand): VariableKind {
  const secret = isTrue(command, 'issecret');
  if (secret && command.data.includes('\n')) throw new Error('Secrets cannot contain multiple lines');
  return {
    secret,
    readOnly: isTrue(command, 'isreadonly'),
    preserveCase: isTrue(command, 'preservecase'),
  };
}

function isTrue({ properties }: AgentCommand, name: string): boolean {
  return properties[name]?.trim().toLowerCase() === 'true';
}
