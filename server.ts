import { createServer, type IncomingMessage, type Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLimit } from './lib/auth/limit.ts';
import { readEnvironment } from './lib/config/environment.ts';
import type { Environment } from './lib/config/environment.ts';
import { createContainer, type Container } from './lib/container.ts';
import { answerClientError } from './lib/http/client-error.ts';
import { createConsoleListener, type ConsoleParts } from './lib/http/console-listener.ts';
import { createGatekeeper, type Gatekeeper } from './lib/http/gatekeeper.ts';
import { createHostGuard, type HostGuard } from './lib/http/host-guard.ts';
import { listen } from './lib/http/listen.ts';
import { openPages, withoutPages } from './lib/http/pages.ts';
import { createProbes } from './lib/http/probes.ts';
import { readyBlock, urlOf } from './lib/http/ready-block.ts';
import { createSecurityHeaders } from './lib/http/security-headers.ts';
import { createShutdown } from './lib/http/shutdown.ts';
import { asPitwallError, isPitwallError } from './lib/kernel/errors.ts';
import { createRedactor } from './lib/kernel/redact.ts';
import { after } from './lib/kernel/timer.ts';
import { createLogger } from './lib/config/logger.ts';
import { adoptConsole } from './lib/config/adopt-console.ts';
import { publishContainer } from './lib/runtime.ts';
import manifest from './package.json' with { type: 'json' };

/** The console's bodies and heads are small: a client that takes longer than this is cut, ms. */
const HEAD_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** What an answer in flight gets once everything else has ended, ms. */
const LAST_GRACE_MS = 1_000;

/**
 * Boots: the console's port first, so that a taken one is said at once and /healthz answers; then the gateways
 * and Next side by side. Resolves when everything is ready.
 */
async function boot(): Promise<void> {
  const environment = readEnvironment();
  const { host, development: dev } = environment;
  const redactor = createRedactor();
  const logger = createLogger(environment.logLevel, { redactor });
  // Next and other packages print what they have to say; in development a person reads it as it is.
  if (!dev) adoptConsole(console, logger);
  const guard = createHostGuard(host, environment.consoleUrl);
  let parts: ConsoleParts | undefined = undefined;

  const newId = (): string => crypto.randomUUID();
  const secure = createSecurityHeaders({ dev, tls: environment.consoleUrl?.startsWith('https:') ?? false });
  const listener = createConsoleListener({ guard, secure, parts: () => parts, newId, logger });
  const server = createServer({ headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }, listener);
  server.on('clientError', (error, socket) => answerClientError(error, socket, newId()));
  const port = await listen(server, host, environment.port);

  const withConsole = environment.roles.includes('console');
  const opening = withConsole
    ? openPages({ dir: import.meta.dirname, dev, hostname: host, port, server })
    : withoutPages;
  const instance = environment.instance ?? nameOf(environment, port);
  const consoleUrl = environment.consoleUrl ?? urlOf(host, port);
  let live: Live | undefined = undefined;
  const onAccessChanged = (): void => void live?.recheck();
  const composing = createContainer(environment, {
    version: manifest.version,
    instance,
    consoleUrl,
    onAccessChanged,
    logger,
    redactor,
  });
  const [{ core, console: container, authenticator }, pages] = await Promise.all([composing, opening]);
  const gatekeeper = createGatekeeper({
    authenticator,
    limit: createLimit({ name: 'requests', most: environment.apiLimit, seconds: 60, what: 'requests' }),
    development: dev,
  });
  live = container && (await goLive(container, { server, guard, gatekeeper }));
  parts = {
    gatekeeper,
    probes: createProbes({ missing: () => core.missing(), metrics: core.metrics }),
    pages: (request, response) => pages.handle(request, response),
  };

  async function close(): Promise<void> {
    await core.drain(environment.drainGrace);
    const closed = live === undefined ? closeServer(server) : live.end();
    server.closeIdleConnections();
    const lastGrace = setTimeout(() => server.closeAllConnections(), LAST_GRACE_MS);
    await closed;
    clearTimeout(lastGrace);
    await pages.close();
    await core.close();
  }

  const shutdown = createShutdown({
    steps: { announce: () => core.announceDrain(), delay: () => sleep(environment.drainDelay), close },
    logger,
    exit: (code) => void logger.flush().then(() => process.exit(code)),
    after: (ms, run) => setTimeout(run, ms),
  });
  process.on('SIGTERM', () => shutdown.signal('SIGTERM'));
  process.on('SIGINT', () => shutdown.signal('SIGINT'));
  process.on('SIGHUP', () => {
    core.reopenLogs().catch((error: unknown) => logger.error("The access log couldn't be reopened.", { error }));
  });
  process.on('uncaughtException', (error) => shutdown.fail(error));
  process.on('unhandledRejection', (reason) => shutdown.fail(reason));

  const { version, gatewayUrl, gatewayName, source } = core;
  const gateway =
    gatewayUrl === undefined || source === undefined ? undefined : { url: gatewayUrl, name: gatewayName, source };
  const facts = { version, ms: performance.now(), url: urlOf(host, port), console: withConsole, gateway };
  process.stdout.write(readyBlock({ ...facts, instance: environment.redisUrl && instance }));
  // A kill would lose it, and the next start load the compiler again in every thread.
  flushCompileCache();
}

interface LiveParts {
  readonly server: Server;
  readonly guard: HostGuard;
  readonly gatekeeper: Gatekeeper;
}

interface Live {
  /** Looks whether everybody who has a socket open may still be there. */
  recheck(): Promise<void>;
  /** Ends sockets and the server. */
  end(): Promise<void>;
}

/** Publishes the container to pages and routes, and opens its live socket. A gateway alone loads nothing of it. */
async function goLive(container: Container, { server, guard, gatekeeper }: LiveParts): Promise<Live> {
  const [{ createAdmissions }, { openSocketServer }] = await Promise.all([
    import('./lib/live/admissions.ts'),
    import('./lib/live/socket-server.ts'),
  ]);
  const unpublish = publishContainer(container);
  const admissions = createAdmissions((request) => gatekeeper.mayStay(request), after);
  async function refuse(request: IncomingMessage): Promise<string | undefined> {
    // A socket changes nothing, but it reads: it's held to the rule for requests that change something.
    const refusal = guard({ method: 'POST', headers: request.headers });
    if (refusal !== undefined) return refusal.message;
    return gatekeeper.admitSocket(request).then(
      () => undefined,
      (error: unknown) => asPitwallError(error).message,
    );
  }
  const io = openSocketServer(server, { refuse, admissions });
  container.goLive(io);
  return {
    recheck: () => admissions.recheck(),
    async end() {
      admissions.close();
      await io.close();
      unpublish();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Unlike any other in a fleet, where machines may give the same ports and process ids. */
function nameOf({ redisUrl }: Environment, port: number): string {
  const here = `${port}-${process.pid}`;
  return redisUrl === undefined
    ? here
    : `${hostname()
        .replaceAll(/[^\w.-]/g, '-')
        .slice(0, 40)}-${here}`;
}

try {
  await boot();
} catch (error) {
  // Faults of the configuration name settings, some of them secrets, and never quote those.
  const fault = isPitwallError(error) && error.code === 'config_invalid';
  const text = isPitwallError(error) ? error.message : describe(error);
  process.stderr.write(`${fault ? text : createRedactor().text(text)}\n`);
  process.exit(1);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
