import { parseArgs } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { authorization } from '../lib/config/token.ts';
import { LIVE_NAMESPACE } from '../lib/contracts/overview.ts';
import { statusFilterSchema, tailBatchSchema, tailFilterSchema, type TailFilter } from '../lib/contracts/tail.ts';
import { MISS_REASONS, RESULTS } from '../lib/contracts/traffic.ts';
import { formatRecord, TAIL_HEADING } from './tail-line.ts';
import { whyRefused } from './refused.ts';
import { CONSOLE_URL, readConsole, UsageError, type Terminal } from './terminal.ts';

const HELP = `pitwall tail [options]: live requests of a running Pitwall, until Ctrl-C.

  --console URL     the console to ask                     (${CONSOLE_URL})
  --service NAME    only this service; may be repeated, as each of the next
  --route NAME      only this route
  --status 5xx      only this status or class of status
  --result RESULT   only requests answered so: ${RESULTS.join(', ')}
  --reason REASON   only misses for this reason: cold, expired, cookie…
  --method GET      only this method
  --client ADDRESS  only this client
  --path TEXT       only paths that contain this
  --slower MS       only what took longer
  --json            one JSON object a line
  --once            end with exit code 1 when the console can't be reached or is lost;
                    without it, tail keeps trying

A console that asks for a log-in takes an API token from the environment: PITWALL_TOKEN.
`;

const many = { type: 'string', multiple: true, default: [] as string[] } as const;

interface TailOptions {
  readonly console: URL;
  readonly filter: TailFilter;
  readonly json: boolean;
  readonly once: boolean;
  readonly help: boolean;
}

function readOptions(args: readonly string[]): TailOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      console: { type: 'string', default: CONSOLE_URL },
      service: many,
      route: many,
      status: many,
      result: many,
      reason: many,
      method: many,
      client: many,
      path: { type: 'string', default: '' },
      slower: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { ...values, console: readConsole(values.console), filter: readFilter(values) };
}

interface FilterValues extends Record<
  'service' | 'route' | 'status' | 'result' | 'reason' | 'method' | 'client',
  string[]
> {
  readonly path: string;
  readonly slower: string;
}

function readFilter(values: FilterValues): TailFilter {
  const among = (name: string, given: readonly string[], known: readonly string[]): void => {
    const wrong = given.find((value) => !known.includes(value));
    if (wrong !== undefined) throw new UsageError(`--${name} expects one of ${known.join(', ')}, got "${wrong}".`);
  };
  among('result', values.result, RESULTS);
  among('reason', values.reason, MISS_REASONS);
  const status = values.status.find((text) => !statusFilterSchema.safeParse(text).success);
  if (status !== undefined) throw new UsageError(`--status expects 404 or 5xx, got "${status}".`);
  if (!/^\d+(\.\d+)?$/.test(values.slower)) throw new UsageError(`--slower expects ms, got "${values.slower}".`);
  const filter = tailFilterSchema.safeParse({
    services: values.service,
    routes: values.route,
    methods: values.method.map((method) => method.toUpperCase()),
    clients: values.client,
    results: values.result,
    reasons: values.reason,
    statuses: values.status,
    text: values.path,
    slowerThanMs: Number(values.slower),
  });
  if (filter.success) return filter.data;
  const [issue] = filter.error.issues;
  throw new UsageError(`The filter is too large: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

/** Prints what arrives; returns with the exit code once `ended` says so. */
function follow(socket: Socket, options: TailOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const address = options.console.origin;
  const say = (sentence: string): unknown => terminal.err.write(`${sentence}\n`);
  const colour = terminal.out.isTTY === true;
  let state: 'new' | 'connected' | 'lost' = 'new';
  let said = false;

  return new Promise((resolve) => {
    let retry: NodeJS.Timeout | undefined;
    const end = (code: number): void => {
      clearTimeout(retry);
      socket.close();
      resolve(code);
    };
    signal.addEventListener('abort', () => end(0), { once: true });
    if (signal.aborted) {
      end(0);
      return;
    }

    socket.on('connect', () => {
      if (state === 'lost') say(`Connected to ${address} again.`);
      else if (!options.json) terminal.out.write(`${TAIL_HEADING}\n`);
      state = 'connected';
      said = false;
      socket.emit('tail', options.filter, (answer: { readonly detail?: string }) => {
        if (answer.detail === undefined) return;
        say(answer.detail);
        end(1);
      });
    });
    let why: Promise<string | undefined> | undefined;
    socket.on('connect_error', (error) => void tellRefused(error));
    async function tellRefused(error: Error): Promise<void> {
      // A console that asks for a log-in would never let this one in.
      const never = await (why ??= whyRefused(options.console));
      if (signal.aborted || socket.connected) return;
      if (never !== undefined) {
        say(never);
        end(1);
        return;
      }
      const refused = socket.active ? '' : ` (${error.message})`;
      const sentence =
        refused === '' ? `Nothing answers at ${address}.` : `The console at ${address} lets nobody in${refused}.`;
      if (options.once) {
        say(sentence);
        end(1);
        return;
      }
      if (!said && state !== 'lost') say(`${sentence} Trying again until it does; Ctrl-C ends.`);
      said = true;
      if (!socket.active) retry = setTimeout(() => socket.connect(), 2_000);
    }
    socket.on('disconnect', (reason) => {
      if (signal.aborted || reason === 'io client disconnect') return;
      state = 'lost';
      say(`The connection to ${address} was lost${options.once ? '.' : '; trying again.'}`);
      if (options.once) end(1);
      // The client doesn't come back by itself when the server sent it away.
      else if (!socket.active) retry = setTimeout(() => socket.connect(), 2_000);
    });
    socket.on('requests', (message: unknown) => {
      const parsed = tailBatchSchema.safeParse(message);
      if (!parsed.success) {
        if (!said) say(`${address} sends lines of another version; they aren't shown.`);
        said = true;
        return;
      }
      const lines = parsed.data.records.map((record) =>
        options.json ? JSON.stringify(record) : formatRecord(record, colour),
      );
      if (lines.length > 0) terminal.out.write(`${lines.join('\n')}\n`);
      if (parsed.data.dropped > 0) say(`… ${parsed.data.dropped} more requests than could be shown.`);
    });
    socket.connect();
  });
}

/**
 * `pitwall tail`: live requests over the console's socket.
 * @param signal ends it with exit code 0; Ctrl-C when not given
 */
export async function tail(args: readonly string[], terminal: Terminal, signal?: AbortSignal): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    terminal.out.write(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // A reader that has gone (`pitwall tail | head`) ends it too.
  process.stdout.once('error', stop);
  const socket = io(new URL(LIVE_NAMESPACE, options.console).href, {
    autoConnect: false,
    transports: ['websocket'],
    extraHeaders: authorization(),
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
  });
  try {
    return await follow(socket, options, terminal, signal ?? interrupt.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.stdout.off('error', stop);
  }
}
