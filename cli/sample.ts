import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { systemClock } from '../lib/kernel/clock.ts';
import { PitwallError } from '../lib/kernel/errors.ts';
import { createSampleOrigin } from '../sample/origin.ts';
import { UsageError, type Terminal } from './terminal.ts';

const HELP = `pitwall sample [options]: run the sample origin alone, until Ctrl-C.

  --port PORT   where it listens, on 127.0.0.1; 0 = any free port   (9000)
`;

const HOST = '127.0.0.1';

/**
 * `pitwall sample`: the small chat product that Pitwall shows itself off with.
 * @param signal ends it with exit code 0; Ctrl-C when not given
 */
export async function sample(args: readonly string[], terminal: Terminal, signal?: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string', default: '9000' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    terminal.out.write(HELP);
    return 0;
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port expects a number from 0 to 65535, got "${values.port}".`);

  const origin = createSampleOrigin({ clock: systemClock, random: Math.random });
  origin.listen(port, HOST);
  try {
    await once(origin, 'listening');
  } catch (cause) {
    throw new PitwallError('port_in_use', `Port ${port} is in use or not allowed: name another with --port.`, {
      cause,
    });
  }
  terminal.out.write(describe(`http://${HOST}:${(origin.address() as AddressInfo).port}`));

  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const ending = signal ?? interrupt.signal;
    if (!ending.aborted) await once(ending, 'abort');
    return 0;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    origin.close();
    origin.closeAllConnections();
  }
}

function describe(url: string): string {
  return `The sample origin listens on ${url}

  curl -i ${url}/api/chats/42/history             300 to 800 ms; fresh for a minute, tagged
  curl -i ${url}/api/sessions                     fresh for 10 s
  curl -i '${url}/api/ide/current?session=7'      fresh for 30 min
  curl -i ${url}/api/me                           private, never cached
  curl -i ${url}/api/status                       no Cache-Control
  curl -i ${url}/static/app.js                    60 KB, fresh for a day
  curl -N ${url}/api/events                       one event a second
  curl -i ${url}/api/unstable?fail=error          fails on demand: error, hang or reset
  curl -i -d '{"prompt":"why"}' ${url}/api/analysis    2 to 4 s; the same body, the same answer
  curl -i -d '{"session":7}' ${url}/api/ide/switch

  curl -d '{"seconds":30,"mode":"error"}' ${url}/_sample/fail    all fails: error, hang or reset
  curl -d '' ${url}/_sample/heal

In front of it:  PITWALL_UPSTREAM=${url} npm start
`;
}
