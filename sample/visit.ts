import { ASSETS } from './content.ts';
import { createZipf } from './zipf.ts';

/** One request of the sample traffic. */
export interface Visit {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Reads an endless stream for this long, ms, then leaves. */
  readonly leaveAfterMs?: number;
}

const CHATS = 500;
const PROMPTS = 40;

/** What people do with a chat product, in sensible shares: draws the next request. */
export function createVisits({ random }: { random: () => number }): () => Visit {
  const chat = createZipf({ size: CHATS, skew: 1.05, random });
  const prompt = createZipf({ size: PROMPTS, skew: 1, random });
  const asset = createZipf({ size: ASSETS.length, skew: 0.7, random });
  const get = (path: string): Visit => ({ method: 'GET', path });

  const shares: readonly (readonly [share: number, visit: () => Visit])[] = [
    [0.56, () => get(`/api/chats/${chat()}/history`)],
    [0.14, () => get('/api/sessions')],
    [0.11, () => get(`/static/${ASSETS[asset() - 1]}`)],
    [0.07, () => get(`/api/ide/current?session=${chat()}`)],
    [0.04, () => get('/api/me')],
    [0.03, () => get('/api/status')],
    [0.02, () => get('/api/unstable')],
    [0.015, () => ({ method: 'POST', path: '/api/ide/switch', body: JSON.stringify({ session: chat(), ide: 'Zed' }) })],
    [
      0.012,
      () => ({ method: 'POST', path: '/api/analysis', body: JSON.stringify({ prompt: `Explain case ${prompt()}` }) }),
    ],
    [0.003, () => ({ ...get('/api/events'), leaveAfterMs: Math.round(3_000 + random() * 7_000) })],
  ];
  const total = shares.reduce((sum, [share]) => sum + share, 0);

  return () => {
    let point = random() * total;
    for (const [share, visit] of shares) {
      point -= share;
      if (point < 0) return visit();
    }
    return get('/api/sessions');
  };
}
