import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../lib/kernel/clock.ts';
import { asPitwallError, ERROR_STATUS, PitwallError } from '../lib/kernel/errors.ts';
import { etagOf, pause, readBody, sendBytes, sendJson } from './answer.ts';
import {
  account,
  analysis,
  analysisEffort,
  asset,
  chatHistory,
  currentIde,
  sessionList,
  type Asset,
} from './content.ts';
import { createFailureSwitch, failureSchema, FAILURE_MODES, type FailureMode, type FailureSwitch } from './failure.ts';

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The path parameter, where the pattern has one. */
  readonly id: string;
}
type Handler = (call: Call) => void | Promise<void>;

const MAX_BODY = 262_144;
const JSON_TYPE = 'application/json';

/**
 * The bundled origin: a small chat product with one endpoint for each thing that Pitwall can do.
 * Bodies are the same for the same id, whatever the run. Not listening yet.
 * Control: POST /_sample/fail {seconds, mode, path?} and POST /_sample/heal, only straight from loopback.
 * @param deps.latencyScale factor on every delay; 0 = answer at once
 * @param deps.failures what breaks it from outside, beside /_sample/fail
 * @param deps.onCall told the path of every request that isn't its control
 */
export function createSampleOrigin(deps: {
  clock: Clock;
  random: () => number;
  latencyScale?: number;
  failures?: FailureSwitch;
  onCall?: (path: string) => void;
}): Server {
  const { clock, random, latencyScale = 1, onCall } = deps;
  const failures = deps.failures ?? createFailureSwitch({ clock });
  const startedAt = clock.mono();
  /** Built when first asked for; no more than the known names. */
  const files = new Map<string, Asset>();
  const between = (low: number, high: number): number => (low + random() * (high - low)) * latencyScale;

  async function slowly(call: Call, ms: number, value: () => object, headers: Record<string, string>): Promise<void> {
    if (!(await pause(call.response, ms))) return;
    const body = Buffer.from(JSON.stringify(value()));
    sendBytes(call.request, call.response, body, { 'Content-Type': JSON_TYPE, ETag: etagOf(body), ...headers });
  }

  const routes: readonly (readonly [method: 'GET' | 'POST', path: RegExp, handler: Handler])[] = [
    [
      'GET',
      /^\/api\/sessions$/,
      (call) => slowly(call, between(40, 120), sessionList, { 'Cache-Control': 'max-age=10', 'Cache-Tag': 'sessions' }),
    ],
    [
      'GET',
      /^\/api\/chats\/([\w-]{1,64})\/history$/,
      (call) =>
        slowly(call, between(300, 800), () => chatHistory(call.id), {
          'Cache-Control': 'max-age=60, stale-while-revalidate=30, stale-if-error=600',
          'Cache-Tag': `chat:${call.id}`,
        }),
    ],
    [
      'GET',
      /^\/api\/ide\/current$/,
      (call) => {
        const session = call.url.searchParams.get('session') ?? '1';
        return slowly(call, between(80, 200), () => currentIde(session), { 'Cache-Control': 'max-age=1800' });
      },
    ],
    [
      'POST',
      /^\/api\/ide\/switch$/,
      async ({ request, response }) => {
        const body = await readBody(request, MAX_BODY);
        if (await pause(response, between(50, 150))) sendJson(response, 200, { switched: true, bytes: body.length });
      },
    ],
    [
      'POST',
      /^\/api\/analysis$/,
      async ({ request, response }) => {
        const body = await readBody(request, MAX_BODY);
        const ms = (2_000 + analysisEffort(body) * 2_000) * latencyScale;
        if (await pause(response, ms)) sendJson(response, 200, analysis(body));
      },
    ],
    [
      'GET',
      /^\/api\/me$/,
      async ({ response }) => {
        if (!(await pause(response, between(20, 60)))) return;
        const visit = Math.floor(random() * 2 ** 32).toString(16);
        const headers = {
          'Cache-Control': 'private, no-store',
          'Set-Cookie': `visit=${visit}; HttpOnly; SameSite=Lax`,
        };
        sendJson(response, 200, account(), headers);
      },
    ],
    ['GET', /^\/api\/events$/, ({ response }) => streamEvents(response)],
    [
      'GET',
      /^\/api\/unstable$/,
      async (call) => {
        const asked = call.url.searchParams.get('fail');
        const mode = FAILURE_MODES.find((known) => known === asked);
        if (mode !== undefined) fail(mode, call);
        else if (await pause(call.response, between(30, 90))) sendJson(call.response, 200, { lucky: true });
      },
    ],
    [
      'GET',
      /^\/api\/status$/,
      ({ response }) => sendJson(response, 200, { ok: true, uptimeMs: Math.round(clock.mono() - startedAt) }),
    ],
    [
      'GET',
      /^\/static\/([\w.-]{1,64})$/,
      async (call) => {
        const file = files.get(call.id) ?? asset(call.id);
        if (file === undefined) throw new PitwallError('not_found', `No file ${call.id}`);
        files.set(call.id, file);
        if (!(await pause(call.response, between(10, 40)))) return;
        const headers = {
          'Content-Type': file.type,
          'Cache-Control': 'max-age=86400, immutable',
          ETag: etagOf(file.body),
        };
        sendBytes(call.request, call.response, file.body, headers);
      },
    ],
    [
      'POST',
      /^\/_sample\/fail$/,
      async ({ request, response }) => {
        onlyFromHere(request);
        const parsed = failureSchema.safeParse(parseJson(await readBody(request, MAX_BODY)));
        if (!parsed.success) {
          throw new PitwallError(
            'validation_failed',
            `Expected {"seconds": 30, "mode": "${FAILURE_MODES.join('" | "')}"}`,
          );
        }
        failures.fail(parsed.data);
        sendJson(response, 200, { failing: parsed.data });
      },
    ],
    [
      'POST',
      /^\/_sample\/heal$/,
      ({ request, response }) => {
        onlyFromHere(request);
        failures.heal();
        sendJson(response, 200, { failing: null });
      },
    ],
    [
      'GET',
      /^\/$/,
      ({ response }) => sendJson(response, 200, { name: 'Pitwall sample origin', try: '/api/chats/42/history' }),
    ],
  ];

  function streamEvents(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    let number = 0;
    const send = (): void => {
      number += 1;
      if (!response.writableNeedDrain)
        response.write(`id: ${number}\nevent: typing\ndata: {"chat":"${number % 500}"}\n\n`);
    };
    send();
    const timer = setInterval(send, 1_000);
    response.once('close', () => clearInterval(timer));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sample');
    const control = url.pathname.startsWith('/_sample/');
    if (!control) onCall?.(url.pathname);
    const failing = control ? undefined : failures.modeFor(url.pathname);
    let known = false;
    for (const [method, path, handler] of routes) {
      const match = path.exec(url.pathname);
      if (match === null) continue;
      known = true;
      if (request.method !== method && !(request.method === 'HEAD' && method === 'GET')) continue;
      const call = { request, response, url, id: match[1] ?? '' };
      if (failing !== undefined) fail(failing, call);
      else await handler(call);
      return;
    }
    throw known
      ? new PitwallError('method_not_allowed', `${request.method} isn't allowed on ${url.pathname}`)
      : new PitwallError('not_found', `No ${url.pathname} on the sample origin`);
  }

  return createServer((request, response) => {
    handle(request, response).catch((cause: unknown) => {
      const { code, message } = asPitwallError(cause);
      if (response.headersSent || response.destroyed) response.destroy();
      else sendJson(response, ERROR_STATUS[code], { code, detail: message });
    });
  });
}

function fail(mode: FailureMode, { request, response }: Call): void {
  if (mode === 'reset') request.socket.resetAndDestroy();
  else if (mode === 'error')
    sendJson(response, 503, { code: 'sample_failure', detail: 'Failing on demand' }, { Connection: 'close' });
  // hang: the answer never comes; the client's timeout or departure ends it.
}

/** Refuses whoever comes from elsewhere, or through a proxy that may stand in front for others. */
function onlyFromHere({ socket, headers }: IncomingMessage): void {
  const address = socket.remoteAddress ?? '';
  const loopback = address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
  if (!loopback || headers.via !== undefined || headers.forwarded !== undefined || 'x-forwarded-for' in headers) {
    throw new PitwallError('not_found', 'The control of the sample origin answers only straight from loopback');
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
