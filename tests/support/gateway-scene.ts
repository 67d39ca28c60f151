import { afterEach, beforeEach } from 'vitest';
import { openGateway, type GatewaySetup, type TestGateway } from './gateway.ts';
import { ask, type Answer, type Ask } from './raw-client.ts';
import { scriptedOrigin, type Script, type ScriptedOrigin } from './scripted-origin.ts';

/** One gateway in front of one scripted origin, both of the test that is running. */
export interface GatewayScene {
  readonly origin: ScriptedOrigin;
  readonly gateway: TestGateway;
  /** Starts the gateway; one that was open is closed first. @param path of the target */
  open(setup?: GatewaySetup, path?: string): Promise<void>;
  /** Asks the gateway. */
  get(path?: string, options?: Ask): Promise<Answer>;
  /** Asks, and says which origin call answered: "answer 1" -> 1. */
  which(path?: string, options?: Ask): Promise<number>;
  /** From now on the origin answers "answer n" with these headers. */
  numbered(headers: Record<string, string | string[]>, status?: number): void;
}

/**
 * Starts an origin before each test of the file, and ends both after it.
 *
 * @param base what each gateway has; `open` may say otherwise
 * @param script how the origin answers at first
 */
export function gatewayScene(base: GatewaySetup = {}, script?: Script): GatewayScene {
  let origin: ScriptedOrigin | undefined;
  let gateway: TestGateway | undefined;
  beforeEach(async () => {
    origin = await scriptedOrigin(script);
  });
  afterEach(async () => {
    await gateway?.close();
    await origin?.close();
    gateway = undefined;
    origin = undefined;
  });
  const scene = {
    origin: current('origin', () => origin),
    gateway: current('gateway', () => gateway),
    async open(setup: GatewaySetup = {}, path = '') {
      await gateway?.close();
      gateway = await openGateway(scene.origin.url + path, { ...base, ...setup });
    },
    get: (path = '/', options: Ask = {}) => ask(scene.gateway.port, path, options),
    async which(path = '/', options: Ask = {}) {
      return Number(/answer (\d+)/.exec((await scene.get(path, options)).text)?.[1]);
    },
    numbered(headers: Record<string, string | string[]>, status = 200) {
      scene.origin.script((request, response) => {
        request.resume();
        request.on('end', () => {
          response.writeHead(status, headers);
          response.end(`answer ${scene.origin.seen.length}`);
        });
      });
    },
  };
  return scene;
}

/** Stands for what `find` gives at the time. */
function current<T extends object>(name: string, find: () => T | undefined): T {
  return new Proxy({} as T, {
    get(_, property) {
      const found = find();
      if (found === undefined) throw new Error(`no ${name} is open`);
      return Reflect.get(found, property) as unknown;
    },
  });
}
