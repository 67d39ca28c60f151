// Over 300 lines: every route of the double reads or changes the same few variables.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import next from 'next';
import { Server } from 'socket.io';
import { loginPath } from '../../hooks/login-path.ts';
import { createSecurityHeaders } from '../../lib/http/security-headers.ts';
import {
  LIVE_NAMESPACE,
  overviewQuerySchema,
  sampleTrafficSchema,
  setModeSchema,
  watchSchema,
} from '../../lib/contracts/overview.ts';
import type { Mode } from '../../lib/contracts/traffic.ts';
import { clearSchema } from '../../lib/contracts/clear.ts';
import { jobListQuerySchema } from '../../lib/contracts/job.ts';
import { upstreamSchema } from '../../lib/contracts/onboarding.ts';
import { burstSchema, startOutageSchema } from '../../lib/contracts/sample.ts';
import { createFixtureOnboarding } from './console-onboarding.ts';
import { createFixtureAccess, LOOKERS } from './console-access.ts';
import { createFixtureSample } from './console-sample.ts';
import { changeListQuerySchema } from '../../lib/contracts/changes.ts';
import { tailFilterSchema } from '../../lib/contracts/tail.ts';
import { passerOf } from '../../lib/contracts/tail-filter.ts';
import { createChangeLog } from '../../lib/live/changes.ts';
import { changesOf } from './console-changes.ts';
import { keysQuerySchema } from '../../lib/contracts/keys.ts';
import { configOf, keysFor } from './console-routes.ts';
import { CONFIG_STATES, createFixtureConfig } from './console-config.ts';
import { createFixtureJobs } from './console-jobs.ts';
import { requestsOf } from './console-requests.ts';
import { SCENARIOS, keysOf, overviewOf, tickOf, type Scenario } from './console-scenarios.ts';

/*
 * A double of the console's server, for states that the real one shows only in trouble.
 *   node tests/support/console-fixture.ts [--port N] [--dev] [--scenario NAME]
 * Prints its URL when it's ready. PUT /fixture/scenario/NAME changes the scenario, PUT /fixture/socket/off and
 * …/on takes the live channel away and gives it back, PUT /fixture/change tells of a breaker that opens now, PUT
 * /fixture/ticks/N sends N seconds' ticks in a hurry, GET /fixture/calls lists the API calls since the last PUT.
 * PUT /fixture/access/WHO says who looks from then on: local, admin, operator, viewer, nobody; a new scenario is local.
 * PUT /fixture/config/own, …/file, …/none and …/failing say where the configuration comes from, or that nobody knows.
 */

const flag = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};

let scenario: Scenario = SCENARIOS.find((each) => each === flag('scenario')) ?? 'busy';
let traffic = true;
let jobs = createFixtureJobs(scenario, Date.now());
let sample = createFixtureSample();
let onboarding = createFixtureOnboarding(scenario === 'sample');
const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
let access = createFixtureAccess(Date.now(), origin);
let config = createFixtureConfig(Date.now());
let socketOn = true;
/** ms by which the fixture's clock is ahead, after ticks that came faster than once a second. */
let ahead = 0;
const now = (): number => Date.now() + ahead;
/** Sends a tick to each client that watches. */
const beats = new Set<() => void>();
const modes = new Map<string, Mode>();
const calls: string[] = [];
/** Requests that the double has made up. */
let requests = 0;
/** When the scenario began: what changed before it stays where it was. */
let startedAt = Date.now();
const world = () => ({
  scenario: onboarding.trying ? ('observe' as const) : scenario,
  modes,
  traffic,
  since: startedAt,
});

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

const problem = (status: number, code: string, title: string, detail: string) => ({
  type: `urn:pitwall:problem:${code}`,
  title,
  status,
  detail,
  code,
  instance: '01JCX4T2M8',
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

/** The ticks of so many seconds, 5 ms apart: about as fast as a page can take them. */
async function hurry(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    ahead += 1_000;
    for (const beat of beats) beat();
    // The page gets to draw between two ticks; nothing is waited for.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function control(path: string, response: ServerResponse): Promise<void> {
  const [, , what, value] = path.split('/');
  if (what === 'calls') return json(response, 200, calls);
  calls.length = 0;
  if (what === 'scenario') {
    scenario = SCENARIOS.find((each) => each === value) ?? scenario;
    modes.clear();
    traffic = true;
    startedAt = Date.now();
    requests = 0;
    jobs = createFixtureJobs(scenario, startedAt);
    sample = createFixtureSample();
    onboarding = createFixtureOnboarding(scenario === 'sample');
    access = createFixtureAccess(startedAt, origin);
    config = createFixtureConfig(startedAt);
  }
  if (what === 'access') access.become(LOOKERS.find((each) => each === value) ?? 'local');
  if (what === 'config') config.become(CONFIG_STATES.find((each) => each === value) ?? 'own');
  if (what === 'ticks') await hurry(Number(value));
  if (what === 'change') {
    const opened = changesOf('failing', Date.now()).find(({ kind }) => kind === 'breaker');
    live.emit('change', { ...opened, id: 'new', at: Date.now() });
  }
  if (what === 'socket') {
    socketOn = value === 'on';
    if (!socketOn) live.disconnectSockets(true);
  }
  json(response, 200, { scenario, socketOn });
}

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  calls.push(`${request.method} ${url.pathname}`);
  if (scenario === 'api-500') {
    return json(
      response,
      503,
      problem(503, 'gateway_unavailable', 'The gateway doesn’t answer', 'No worker answered within 900 ms.'),
    );
  }
  if (/^\/api\/(sessions?|sign-on|people|tokens|invitations|journal)(\/|$)/.test(url.pathname) || !access.mayLook()) {
    const given = request.method === 'POST' || request.method === 'PATCH' ? await bodyOf(request) : undefined;
    const answered = access.answer(request.method ?? 'GET', url, given);
    if (answered !== undefined) {
      for (const [name, value] of Object.entries(answered.headers ?? {})) response.setHeader(name, value);
      return json(response, answered.status, answered.body);
    }
    if (url.pathname === '/api/journal/export') {
      const { type, name, text } = access.exported(url.searchParams);
      response.writeHead(200, { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` });
      return void response.end(text);
    }
  }
  if (url.pathname === '/api/performance/overview') {
    if (scenario === 'slow') await new Promise((resolve) => setTimeout(resolve, 4_000));
    const { service, route, range, from, to } = overviewQuerySchema.parse(Object.fromEntries(url.searchParams));
    const span = from === undefined || to === undefined ? range : { from, to };
    return json(response, 200, overviewOf(world(), service, span, now(), route));
  }
  const service = /^\/api\/services\/([^/]+)\/mode$/.exec(url.pathname)?.[1];
  if (service !== undefined && request.method === 'POST') {
    const { mode, reason } = setModeSchema.parse(await bodyOf(request));
    if (reason === 'refuse') {
      return json(response, 404, problem(404, 'not_found', 'Not found', `There is no service “${service}”.`));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    modes.set(service, mode);
    const state = overviewOf(world(), 'all', '1m', Date.now()).services.find((each) => each.service === service);
    return json(response, 200, { ...state, unreached: [] });
  }
  if (url.pathname === '/api/sample/traffic' && request.method === 'POST') {
    traffic = sampleTrafficSchema.parse(await bodyOf(request)).run;
    return json(response, 200, { run: traffic });
  }
  const asked = `${request.method} ${url.pathname}`;
  const sampleState = () => ({
    traffic: scenario !== 'sample' ? 'off' : traffic ? 'running' : 'stopped',
    outage: sample.outage(Date.now()),
  });
  if (asked === 'GET /api/sample') return json(response, 200, sampleState());
  const onboardingState = () => onboarding.state(modes.get('default') ?? 'observe', Date.now());
  if (asked === 'GET /api/onboarding') return json(response, 200, onboardingState());
  if (asked === 'POST /api/onboarding/probe') {
    const found = onboarding.probe(upstreamSchema.parse(await bodyOf(request)).url);
    if (found !== undefined) return json(response, 200, found);
    const detail = 'body.url: expected an http:// or https:// URL such as http://127.0.0.1:9000';
    return json(response, 400, problem(400, 'validation_failed', 'The request isn’t valid', detail));
  }
  if (asked === 'POST /api/onboarding/start') {
    onboarding.start(upstreamSchema.parse(await bodyOf(request)).url, Date.now());
    return json(response, 200, onboardingState());
  }
  if (asked === 'POST /api/onboarding/end') {
    onboarding.end();
    return json(response, 200, onboardingState());
  }
  if (asked === 'POST /api/sample/burst') {
    return json(response, 200, sample.burst(burstSchema.parse(await bodyOf(request)).requests));
  }
  if (asked === 'POST /api/sample/outage') {
    sample.fail(startOutageSchema.parse(await bodyOf(request)).seconds, Date.now());
    return json(response, 200, sampleState());
  }
  if (asked === 'POST /api/sample/outage/stop') {
    sample.heal(Date.now());
    return json(response, 200, sampleState());
  }
  const oneJob = /^\/api\/jobs\/([^/]+)$/.exec(url.pathname)?.[1];
  if (oneJob !== undefined && request.method === 'GET') {
    const found = jobs.list(Date.now()).find(({ id }) => id === oneJob);
    if (found !== undefined) return json(response, 200, found);
  }
  if (asked === 'GET /api/config') return json(response, 200, configOf(now()));
  if (asked === 'GET /api/config/yaml') {
    response.writeHead(200, {
      'content-type': 'application/yaml',
      'content-disposition': 'attachment; filename="pitwall.yaml"',
    });
    return void response.end(config.yaml());
  }
  if (/^\/api\/config(\/|$)/.test(url.pathname)) {
    const given = request.method === 'POST' && !url.pathname.endsWith('/restore') ? await bodyOf(request) : undefined;
    const answered = await config.answer(request.method ?? 'GET', url, given);
    if (answered !== undefined) return json(response, answered.status, answered.body);
  }
  if (/^\/api\/changes(\/|$)/.test(url.pathname)) {
    const log = createChangeLog();
    for (const change of changesOf(scenario, startedAt)) log.put(change);
    const id = url.pathname.split('/')[3];
    const found = log.list({ limit: 200 }).changes.find((change) => change.id === id);
    if (found !== undefined) return json(response, 200, found);
    if (id !== undefined)
      return json(response, 404, problem(404, 'not_found', 'Not found', `There is no change ${id}.`));
    return json(response, 200, log.list(changeListQuerySchema.parse(Object.fromEntries(url.searchParams))));
  }
  if (url.pathname === '/api/jobs') {
    if (scenario === 'jobs-away') {
      const detail = 'The database doesn’t answer: connect ECONNREFUSED 10.0.3.9:5432.';
      return json(response, 503, problem(503, 'storage_unavailable', 'Storage isn’t available', detail));
    }
    const { state, limit } = jobListQuerySchema.parse(Object.fromEntries(url.searchParams));
    const found = jobs.list(now()).filter((job) => state === undefined || state.includes(job.state));
    return json(response, 200, { jobs: found.slice(0, limit), next: null });
  }
  if (url.pathname === '/api/cache/keys') {
    const asked = keysQuerySchema.parse(Object.fromEntries(url.searchParams));
    const narrow = asked.by === 'missed' || asked.service !== undefined;
    return json(response, 200, narrow ? keysFor(asked, now()) : keysOf(now()));
  }
  if (url.pathname === '/api/cache/clear' && request.method === 'POST') {
    const { scope, mode } = clearSchema.parse(await bodyOf(request));
    if ('tag' in scope && scope.tag === 'refuse') {
      const detail = "Nothing was cleared: the clear log can't be written at the moment.";
      return json(response, 503, problem(503, 'storage_unavailable', 'Storage isn’t available', detail));
    }
    return json(response, 200, jobs.clear({ scope, mode }, Date.now()));
  }
  const job = /^\/api\/(?:jobs|cache\/clear)\/([^/]+)\/(pause|resume|cancel|undo)$/.exec(url.pathname);
  if (job !== null && request.method === 'POST') {
    const acted = jobs.act(job[1] ?? '', job[2] ?? '', Date.now());
    if (acted !== undefined) return json(response, 200, acted);
    return json(response, 409, problem(409, 'conflict', 'Not possible now', `This job can’t ${job[2]} any more.`));
  }
  json(response, 404, problem(404, 'not_found', 'Not found', `Nothing answers at ${url.pathname}.`));
}

const dev = process.argv.includes('--dev');
/** Those of the real console: what its policy forbids is forbidden here too. */
const secure = createSecurityHeaders({ dev, tls: false });

const server = createServer((request, response) => {
  secure(request, response);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname.startsWith('/fixture/')) void control(url.pathname, response);
  else if (url.pathname.startsWith('/api/')) {
    api(request, response, url).catch((error: unknown) => {
      json(response, 400, problem(400, 'validation_failed', 'The request isn’t valid', String(error)));
    });
  } else if (!access.mayLook() && !/^\/(login|join|_next|icon)/.test(url.pathname)) {
    // As the console's listener does it: what a page asks for itself isn't sent elsewhere.
    if (request.headers.rsc !== undefined) json(response, 401, problem(401, 'login_required', 'Log in first', '-'));
    else response.writeHead(303, { location: loginPath(url.pathname + url.search) }).end();
  } else void handle(request, response);
});

const app = next({ dev, dir: process.cwd(), customServer: true, httpServer: server, hostname: '127.0.0.1' });
await app.prepare();
const handle = app.getRequestHandler();

const io = new Server(server, { serveClient: false });
const live = io.of(LIVE_NAMESPACE);
live.use((_socket, go) => go(socketOn ? undefined : new Error('off')));
live.on('connection', (socket) => {
  let timer: ReturnType<typeof setInterval> | undefined;
  let beat = (): void => undefined;
  socket.on('watch', (message: unknown, ack?: (answer: unknown) => void) => {
    const { service, route, range } = watchSchema.parse(message);
    clearInterval(timer);
    ack?.({ ok: true });
    if (scenario !== 'api-500' && scenario !== 'slow')
      socket.emit('overview', overviewOf(world(), service, range, now(), route));
    beats.delete(beat);
    beats.add((beat = () => void socket.emit('tick', tickOf(world(), service, range, now(), route))));
    timer = setInterval(beat, 1_000);
  });
  let tail: ReturnType<typeof setInterval> | undefined;
  socket.on('tail', (message: unknown, ack?: (answer: unknown) => void) => {
    const parsed = tailFilterSchema.safeParse(message);
    clearInterval(tail);
    if (!parsed.success || parsed.data.text === 'refuse') {
      ack?.(problem(429, 'too_many_requests', 'Too many requests', 'At most 50 different filters are in use at once.'));
      return;
    }
    calls.push(`tail ${JSON.stringify(parsed.data)}`);
    ack?.({ ok: true });
    const passes = passerOf(parsed.data);
    tail = setInterval(() => {
      const lines = requestsOf(scenario, requests, Date.now());
      requests += lines.length;
      const records = lines.filter(passes);
      const dropped = scenario === 'flood' && requests % 4_000 === 0 ? 12 : 0;
      if (records.length + dropped > 0) socket.emit('requests', { records, dropped });
    }, 100);
  });
  socket.on('untail', () => {
    calls.push('untail');
    clearInterval(tail);
  });
  socket.on('disconnect', () => {
    clearInterval(timer);
    clearInterval(tail);
    beats.delete(beat);
  });
});

server.listen(Number(flag('port') ?? 0), '127.0.0.1', () => {
  process.stdout.write(`fixture ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    live.disconnectSockets(true);
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
