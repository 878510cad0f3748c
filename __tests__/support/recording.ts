// A host, a terminal and a session that write down, in order, what is done to them.
import type { Terminal } from '../../src/cli/terminal.js';
import { systemClock } from '../../src/clock.js';
import type { Host, PostHost } from '../../src/hosts/host.js';
import type { HttpRequest, HttpResponse } from '../../src/http.js';
import type { Session } from '../../src/session.js';

const MISSING_CLIENT = '`client-id` is required: a GUID such as 00000000-0000-0000-0000-000000000000.';

export interface RecordingHost extends Host, PostHost {
  readonly events: string[];
}

export function recordingHost(
  given: Partial<Host & PostHost> & { inputs?: Record<string, string> } = {},
): RecordingHost {
  const events: string[] = [];
  const record = (event: string) => void events.push(event);
  return {
    events,
    environment: {},
    temp: '/nowhere',
    input: (name) => given.inputs?.[name] ?? '',
    trigger: () => ({ kind: 'trusted' }),
    identities: ['github-oidc'],
    mistakesIn: () => [],
    mistakes: (needsClient) => (needsClient && !given.inputs?.['client-id'] ? [MISSING_CLIENT] : []),
    currentValue: (name) => given.environment?.[name] ?? '',
    log: (line) => record(`log ${line}`),
    async mask(values) {
      record(`mask ${values.join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      record('masks flushed');
    },
    beginWrites(receipts) {
      record(`state ${receipts}`);
      return () => record('taken back');
    },
    readState: () => '',
    setEnvironment: (name, value) => record(`env ${name}=${value}`),
    setOutput: (name, value) => record(`output ${name}=${value}`),
    addPath: (folder) => record(`path ${folder}`),
    fail: async (message) => record(`fail ${message}`),
    ...given,
  };
}

export interface RecordingTerminal extends Terminal {
  readonly written: string[];
  readonly told: string[];
}

/** @param lines Of standard input. */
export function recordingTerminal(
  given: Partial<Terminal> = {},
  lines: readonly string[] = [],
): RecordingTerminal {
  const [written, told]: [string[], string[]] = [[], []];
  return {
    written,
    told,
    environment: {},
    temp: '/nowhere',
    identities: ['token-variable', 'token-file'],
    trigger: () => ({ kind: 'trusted' }),
    lines: (async function* () {
      yield* lines;
    })(),
    write: (text) => void written.push(text),
    tell: (line) => void told.push(line),
    status: () => undefined,
    mask: async () => undefined,
    isInteractive: false,
    send: () => Promise.reject(new Error('nobody should be asked')),
    clock: systemClock,
    stop: new AbortController().signal,
    ...given,
  };
}

export interface RecordingSession extends Session {
  readonly lines: string[];
  readonly waits: number[];
  readonly requests: HttpRequest[];
}

/** A session on a clock that jumps, whose requests are answered by the given function. */
export function recordingSession(
  answer: (request: HttpRequest) => Partial<HttpResponse> = () => ({}),
): RecordingSession {
  const lines: string[] = [];
  const waits: number[] = [];
  const requests: HttpRequest[] = [];
  let now = systemClock.now();
  return {
    lines,
    waits,
    requests,
    clock: {
      now: () => now,
      monotonic: () => now,
      random: () => 0.5,
      deadline: () => new AbortController().signal,
      async sleep(milliseconds) {
        waits.push(milliseconds / 1000);
        now += milliseconds;
      },
    },
    deadline: new AbortController().signal,
    endsAt: now + 600_000,
    propagationWaitSeconds: 0,
    async send(request) {
      requests.push(request);
      return { status: 200, headers: {}, body: '', ...answer(request) };
    },
    skewSeconds: () => 0,
    log: (line) => void lines.push(line),
    mask: async () => undefined,
  };
}
