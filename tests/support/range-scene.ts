import { gatewayScene, type GatewayScene } from './gateway-scene.ts';
import type { Answer, Ask } from './raw-client.ts';

type Headers = Record<string, string>;

/** A gateway and an origin, and requests for ranges of "/". */
export interface RangeScene extends Pick<GatewayScene, 'origin' | 'gateway' | 'open'> {
  /** Asks for "/". */
  get(headers?: Headers, options?: Ask): Promise<Answer>;
  /** Asks for bytes of it, such as "2-7". */
  range(bytes: string, more?: Headers): Promise<Answer>;
  /** The Range of each origin call. */
  asked(): unknown[];
}

export function rangeScene(): RangeScene {
  const scene = gatewayScene();
  const get = (headers: Headers = {}, options: Ask = {}): Promise<Answer> => scene.get('/', { ...options, headers });
  return {
    origin: scene.origin,
    gateway: scene.gateway,
    open: (setup) => scene.open(setup),
    get,
    range: (bytes, more = {}) => get({ Range: `bytes=${bytes}`, ...more }),
    asked: () => scene.origin.seen.map(({ headers }) => headers.range),
  };
}

/** What an answer brings, and which part that is. */
export function told({ status: code, text, headers }: Answer): unknown[] {
  return [code, text, headers['content-range']];
}

export function status(answer: Answer): string {
  return String(answer.headers['cache-status']);
}
