import {
  journalExportQuerySchema,
  journalQuerySchema,
  type JournalEntry,
  type JournalFilter,
} from '../../lib/contracts/journal.ts';

const MINUTE = 60_000;
/** Entries of the double's journal. */
export const ENTRIES = 200;

type Made = Partial<JournalEntry> & Pick<JournalEntry, 'action'>;

const PEOPLE = [
  { actor: 'person:mara', who: 'Mara Lindqvist', from: '10.0.3.41' },
  { actor: 'person:jonas', who: 'Jonas Weber', from: '10.0.3.77' },
  { actor: 'token:ci', who: 'Deployment', from: '10.0.9.2' },
  { actor: 'local', who: null, from: '127.0.0.1' },
] as const;

const engine = { kind: 'event', actor: 'engine', who: null, from: null, outcome: null, tookMs: null } as const;

/** What repeats in it, newest first. */
const PATTERN: readonly Made[] = [
  { action: 'clearCache', target: 'tag chat:42', after: { scope: { tag: 'chat:42' }, mode: 'soft' }, tookMs: 4.2 },
  {
    action: 'setMode',
    target: 'search',
    before: { mode: 'cache', reason: null, until: null },
    after: { mode: 'observe', reason: 'Comparing with yesterday’s origin load', until: '2026-11-28T15:00:00Z' },
    tookMs: 18.7,
  },
  {
    action: 'clearCache',
    target: 'prefix https://shop.example/static/a-rather-long-path/that-somebody-once-thought-of/img/',
    after: { scope: { prefix: 'https://shop.example/static/' }, mode: 'hard' },
    outcome: 'failed',
    error: '2 of 4 gateways didn’t confirm within 10 s.',
    tookMs: 10_004,
  },
  { action: 'signIn', after: { agent: 'Firefox' }, tookMs: 212 },
  {
    ...engine,
    action: 'breaker',
    target: 'chat',
    after: { title: 'Breaker opened', detail: 'http://127.0.0.1:9000: 5 failures in a row.' },
  },
  {
    action: 'changePerson',
    target: 'Tomás Oliveira',
    before: { name: 'Tomás Oliveira', role: 'viewer', disabled: false },
    after: { name: 'Tomás Oliveira', role: 'operator', disabled: false },
    tookMs: 3.1,
  },
  {
    action: 'startTrial',
    target: 'https://shop.example',
    outcome: 'refused',
    error: 'Needs the permission policies.',
    after: { url: 'https://shop.example' },
    tookMs: 0.4,
  },
  { action: 'pauseJob', target: 'Warm 4,120 URLs of sitemap.xml', outcome: 'pending', tookMs: null },
];

/** The journal of a double that started at `at`, ms since the epoch: the older, the sparser; newest first. */
export function createFixtureJournal(at: number) {
  const entries = Array.from({ length: ENTRIES }, (_, i): JournalEntry => {
    const made: Made =
      i === 90
        ? { ...engine, kind: 'gap', action: 'gap' }
        : i === 89 || i === 199
          ? { ...engine, kind: 'opened', action: 'opened', after: { version: '0.1.0', node: '24.21.0' } }
          : (PATTERN[i % PATTERN.length] ?? { action: 'clearCache' });
    const person = PEOPLE[(i * 7) % PEOPLE.length] ?? PEOPLE[0];
    return {
      chain: 'edge-1',
      number: 1_200 - i,
      at: at - Math.round((2 + 5 * i + (i * i) / 3) * MINUTE),
      kind: 'command',
      target: null,
      outcome: 'done',
      requestId: made.kind === undefined ? `01JCX4T2M8${String(i).padStart(4, '0')}` : null,
      before: null,
      after: null,
      error: null,
      tookMs: 1.2,
      ...person,
      ...made,
    };
  });

  function filtered({ text, named = '', kind, outcome, actor, from, to }: JournalFilter): JournalEntry[] {
    const word = text?.toLowerCase() ?? '';
    return entries.filter(
      (entry) =>
        (named.split(',').includes(entry.action) ||
          [entry.action, entry.target, entry.who, entry.requestId].some((each) =>
            each?.toLowerCase().includes(word),
          )) &&
        (kind === undefined || entry.kind === kind) &&
        (outcome === undefined || entry.outcome === outcome) &&
        (actor === undefined || entry.actor === actor) &&
        (from === undefined || entry.at >= from) &&
        (to === undefined || entry.at < to),
    );
  }

  return {
    page(params: URLSearchParams) {
      const { limit, after, ...filter } = journalQuerySchema.parse(Object.fromEntries(params));
      const found = filtered(filter);
      const begin = after === undefined ? 0 : Number(after);
      const next = begin + limit < found.length ? String(begin + limit) : null;
      return { entries: found.slice(begin, begin + limit), next };
    },
    /** What is downloaded. */
    exported(params: URLSearchParams): { type: string; name: string; text: string } {
      const { format, ...filter } = journalExportQuerySchema.parse(Object.fromEntries(params));
      const found = filtered(filter);
      if (format === 'json') {
        return {
          type: 'application/json',
          name: 'journal.json',
          text: JSON.stringify({ more: false, entries: found }),
        };
      }
      const rows = found.map(({ at, actor, action, outcome }) => [new Date(at).toISOString(), actor, action, outcome]);
      return {
        type: 'text/csv',
        name: 'journal.csv',
        text: [['at', 'actor', 'action', 'outcome'], ...rows].join('\n'),
      };
    },
  };
}
