import { parseArgs } from 'node:util';
import { readEnvironment } from '../lib/config/environment.ts';
import { loadConfig } from '../lib/config/yaml-file.ts';
import type { Config } from '../lib/contracts/policy.ts';
import { describeVerdict, summarise, verdictJson } from './check-report.ts';
import { judgeRequest, parseHeader, type CheckedRequest } from './check-request.ts';
import { UsageError, type Terminal } from './terminal.ts';

const HELP = `pitwall check FILE [options]: validates a configuration. Exit code 0: valid, 1: not.

  --url URL            show the service, route, key and policy of a request; a path alone means
                       http://localhost
  -X, --method METHOD  of that request                                             (GET)
  -H 'name: value'     a header of that request; may be repeated
  -d, --data BODY      the body of that request, for keys that hold its hash
  --json               print JSON

CACHE_TTL counts as it does in the server.
`;

function readRequest(values: {
  url: string;
  method: string;
  header: string[];
  data?: string | undefined;
}): CheckedRequest {
  const absolute = values.url.startsWith('/') ? `http://localhost${values.url}` : values.url;
  const url = URL.parse(absolute);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url expects an http:// or https:// URL or a path, got "${values.url}".`);
  }
  return {
    method: values.method.toUpperCase(),
    url,
    headers: new Map(values.header.map(parseHeader)),
    body: values.data,
  };
}

async function report(
  config: Config,
  request: CheckedRequest | undefined,
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const { services, routes, text } = summarise(config);
  const verdict = request && (await judgeRequest(config, request));
  if (json) {
    const found = verdict && verdictJson(verdict);
    const asked = request === undefined ? {} : { request: found ?? null };
    terminal.out.write(`${JSON.stringify({ ok: true, services, routes, ...asked }, null, 2)}\n`);
  } else {
    terminal.out.write(`${text}\n`);
    if (verdict !== undefined) terminal.out.write(`\n${describeVerdict(verdict)}\n`);
  }
  if (request === undefined || verdict !== undefined) return 0;
  terminal.err.write(`No service answers to the host ${request.headers.get('host') ?? request.url.host}.\n`);
  return 1;
}

/** `pitwall check`: for people, and for CI. */
export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      method: { type: 'string', short: 'X' },
      header: { type: 'string', short: 'H', multiple: true, default: [] },
      data: { type: 'string', short: 'd' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.out.write(HELP);
    return 0;
  }
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('"pitwall check" expects one file.');
  const { url, method = values.data === undefined ? 'GET' : 'POST' } = values;
  const request = url === undefined ? undefined : readRequest({ ...values, url, method });
  let config: Config;
  try {
    ({ config } = loadConfig(file, readEnvironment().cacheTtl));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (values.json) terminal.out.write(`${JSON.stringify({ ok: false, error: message }, null, 2)}\n`);
    else terminal.err.write(`${message}\n`);
    return 1;
  }
  return report(config, request, values.json, terminal);
}
