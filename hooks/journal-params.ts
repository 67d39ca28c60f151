import { actionsNamed } from './action-words';
import { JOURNAL_KINDS, JOURNAL_OUTCOMES, type JournalKind, type JournalOutcome } from '../lib/contracts/journal';

const HOUR = 3_600_000;
/** The presets of the journal's time, ms up to now; `all` has no beginning, and `own` its own ends. */
export const JOURNAL_SPANS = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR } as const;
export type JournalSpan = keyof typeof JOURNAL_SPANS | 'all' | 'own';

/** Which entries are looked at; times in ms since the epoch, which count while `span` is "own". */
export interface JournalLook {
  readonly text: string;
  readonly kind: JournalKind | null;
  readonly outcome: JournalOutcome | null;
  readonly actor: string | null;
  readonly span: JournalSpan;
  readonly from: number | null;
  readonly to: number | null;
}

export const ANY_ENTRY: JournalLook = {
  text: '',
  kind: null,
  outcome: null,
  actor: null,
  span: '24h',
  from: null,
  to: null,
};

const SPANS: readonly JournalSpan[] = ['1h', '24h', '7d', '30d', 'all', 'own'];

function moment(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** Reads `journal-…` of a query string: the frame's own range has `from` and `to`. */
export function parseJournal(params: URLSearchParams): JournalLook {
  const actor = params.get('journal-who') ?? '';
  return {
    text: (params.get('journal-text') ?? '').slice(0, 200),
    kind: JOURNAL_KINDS.find((kind) => kind === params.get('journal-kind')) ?? null,
    outcome: JOURNAL_OUTCOMES.find((outcome) => outcome === params.get('journal-outcome')) ?? null,
    actor: actor === '' || actor.length > 100 ? null : actor,
    span: SPANS.find((span) => span === params.get('journal-time')) ?? ANY_ENTRY.span,
    from: moment(params.get('journal-from')),
    to: moment(params.get('journal-to')),
  };
}

/** Writes it there, what is usual left out. */
export function formatJournal(params: URLSearchParams, look: JournalLook): void {
  const iso = (at: number | null) => (look.span === 'own' && at !== null ? new Date(at).toISOString() : '');
  const values = {
    text: look.text,
    kind: look.kind ?? '',
    outcome: look.outcome ?? '',
    who: look.actor ?? '',
    time: look.span === ANY_ENTRY.span ? '' : look.span,
    from: iso(look.from),
    to: iso(look.to),
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === '') params.delete(`journal-${name}`);
    else params.set(`journal-${name}`, value);
  }
}

/** Whether nothing but time narrows what is shown. */
export const isAnyEntry = ({ text, kind, outcome, actor }: JournalLook): boolean =>
  text.trim() === '' && kind === null && outcome === null && actor === null;

/** What GET /api/journal is asked for. @param now ms since the epoch, up to which a preset reaches */
export function journalQuery(look: JournalLook, now: number): URLSearchParams {
  const query = new URLSearchParams();
  const text = look.text.trim();
  if (text !== '') {
    query.set('text', text);
    const named = actionsNamed(text);
    if (named.length > 0) query.set('named', named.join(','));
  }
  if (look.kind !== null) query.set('kind', look.kind);
  if (look.outcome !== null) query.set('outcome', look.outcome);
  if (look.actor !== null) query.set('actor', look.actor);
  if (look.span === 'own') {
    if (look.from !== null) query.set('from', String(look.from));
    if (look.to !== null) query.set('to', String(look.to));
  } else if (look.span !== 'all') query.set('from', String(now - JOURNAL_SPANS[look.span]));
  return query;
}
