import { createHash } from 'node:crypto';

/** A small generator for plausible content: the same seed always gives the same text. Not for secrets. */
function seeded(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PEOPLE = ['Ada', 'Noor', 'Jun', 'Mateo', 'Ines', 'Kofi', 'Yuki', 'Lena'];
const IDES = ['VS Code', 'IntelliJ IDEA', 'Neovim', 'Zed', 'Xcode'];
const TOPICS = ['flaky test', 'slow query', 'login loop', 'memory leak', 'broken build', 'rate limit', 'schema change'];
const SENTENCES = [
  'The p95 went up right after the deploy.',
  'I can reproduce it with two tabs open.',
  'Could it be the connection pool again?',
  'The log shows the same request three times.',
  'Let me try it with the cache off.',
  'That fixed it on staging, thanks!',
  'It only happens for accounts with many sessions.',
  'The query plan changed: it scans the whole table now.',
  'I have rolled it back and will write the postmortem.',
  'Here is the trace, look at the second span.',
];
/** 2026-01-05T09:00:00Z: content has times, yet never changes. */
const EPOCH_MS = Date.UTC(2026, 0, 5, 9);
const MINUTE_MS = 60_000;

const pick = <T>(random: () => number, list: readonly [T, ...T[]] | readonly T[]): T =>
  list[Math.floor(random() * list.length)] as T;
const iso = (minutes: number): string => new Date(EPOCH_MS + minutes * MINUTE_MS).toISOString();

export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly messages: number;
  readonly updatedAt: string;
}

function sessionSummary(id: string): SessionSummary {
  const random = seeded(`session ${id}`);
  return {
    id,
    title: `About the ${pick(random, TOPICS)}`,
    owner: pick(random, PEOPLE),
    messages: 4 + Math.floor(random() * 40),
    updatedAt: iso(Math.floor(random() * 10_000)),
  };
}

/** The newest 50 chats, about 6 KB as JSON. */
export function sessionList(): { sessions: SessionSummary[] } {
  return { sessions: Array.from({ length: 50 }, (_, index) => sessionSummary(String(index + 1))) };
}

/** One chat's messages, 1 to 8 KB as JSON. */
export function chatHistory(id: string): object {
  const { messages, ...chat } = sessionSummary(id);
  const random = seeded(`history ${id}`);
  return {
    chat,
    messages: Array.from({ length: messages }, (_, index) => ({
      id: `${id}-${index + 1}`,
      author: index % 2 === 0 ? chat.owner : 'assistant',
      at: iso(index * 3),
      text: Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, SENTENCES)).join(' '),
    })),
  };
}

/** The editor that a session is bound to. */
export function currentIde(session: string): object {
  const random = seeded(`ide ${session}`);
  return { session, ide: pick(random, IDES), workspace: `~/code/${pick(random, TOPICS).replace(' ', '-')}` };
}

/** The answer to a prompt; the same body always gets the same answer, as a model at temperature 0 would give. */
export function analysis(body: Buffer): object {
  const digest = createHash('sha256').update(body).digest('hex');
  const random = seeded(digest);
  return {
    id: digest.slice(0, 16),
    summary: Array.from({ length: 4 }, () => pick(random, SENTENCES)).join(' '),
    findings: Array.from({ length: 3 }, (_, index) => ({
      rank: index + 1,
      topic: pick(random, TOPICS),
      confidence: Math.round(random() * 100) / 100,
    })),
    tokens: { prompt: body.length, completion: 200 + Math.floor(random() * 800) },
  };
}

/** How long that answer takes, 0..1 of the span from shortest to longest. */
export function analysisEffort(body: Buffer): number {
  return seeded(createHash('sha256').update(body).digest('hex').slice(0, 32))();
}

/** Who is asking: private by nature. */
export function account(): object {
  return { id: 'u-1042', name: 'Ada', plan: 'team', unread: 3 };
}

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const ASSET_BYTES = 60_000;

/** A static file by name, about 60 KB; undefined for names that aren't served. */
export function asset(name: string): Asset | undefined {
  const type = ASSET_TYPES[name];
  if (type === undefined) return undefined;
  const random = seeded(`asset ${name}`);
  const lines: string[] = [`/* ${name}: part of the sample */`];
  for (let bytes = 0; bytes < ASSET_BYTES; bytes += (lines.at(-1) as string).length + 1) {
    lines.push(`/* ${Math.floor(random() * 2 ** 32).toString(16)} ${pick(random, SENTENCES)} */`);
  }
  return { type, body: Buffer.from(`${lines.join('\n')}\n`) };
}

const ASSET_TYPES: Readonly<Record<string, string>> = {
  'app.js': 'text/javascript; charset=utf-8',
  'vendor.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
};
export const ASSETS: readonly string[] = Object.keys(ASSET_TYPES);
