import { parseArgs } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { LIVE_NAMESPACE } from '../lib/contracts/overview.ts';
import { RESULTS } from '../lib/contracts/traffic.ts';
import { formatRecord, isResult, isStatusFilter, passes, requestsSchema, TAIL_HEADING } from './tail-line.ts';
import type { TailFilter } from './tail-line.ts';
import { UsageError, type Terminal } from './terminal.ts';

const HELP = `pitwall tail [options]: live requests of a running Pitwall, until Ctrl-C.

  --console URL     the console to ask                     (http://127.0.0.1:3000)
  --service NAME    only this service; may be repeated, as each of the next
  --route NAME      only this route
  --status 5xx      only this status or class of status
  --result RESULT   only requests answered so: ${RESULTS.join(', ')}
  --json            one JSON object a line
  --once            end with exit code 1 when the console can't be reached or is lost;
                    without it, tail keeps trying
`;

const many = { type: 'string', multiple: true, default: [] as string[] } as const;

interface TailOptions extends TailFilter {
  readonly console: URL;
  readonly json: boolean;
  readonly once: boolean;
  readonly help: boolean;
}

function readOptions(args: readonly string[]): TailOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      console: { type: 'string', default: 'http://127.0.0.1:3000' },
      service: many,
      route: many,
      status: many,
      result: many,
      json: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const url = URL.parse(values.console);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--console expects a URL such as http://127.0.0.1:3000, got "${values.console}".`);
  }
  const status = values.status.find((text) => !isStatusFilter(text));
  if (status !== undefined) throw new UsageError(`--status expects 404 or 5xx, got "${status}".`);
  const result = values.result.find((text) => !isResult(text));
  if (result !== undefined) throw new UsageError(`--result expects one of ${RESULTS.join(', ')}, got "${result}".`);
  return { ...values, console: url };
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
      socket.emit('tail', {});
    });
    socket.on('connect_error', (error) => {
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
    });
    socket.on('disconnect', (reason) => {
      if (signal.aborted || reason === 'io client disconnect') return;
      state = 'lost';
      say(`The connection to ${address} was lost${options.once ? '.' : '; trying again.'}`);
      if (options.once) end(1);
      // The client doesn't come back by itself when the server sent it away.
      else if (!socket.active) retry = setTimeout(() => socket.connect(), 2_000);
    });
    socket.on('requests', (message: unknown) => {
      const parsed = requestsSchema.safeParse(message);
      if (!parsed.success) {
        if (!said) say(`${address} sends lines of another version; they aren't shown.`);
        said = true;
        return;
      }
      const lines = parsed.data.records
        .filter((record) => passes(record, options))
        .map((record) => (options.json ? JSON.stringify(record) : formatRecord(record, colour)));
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
