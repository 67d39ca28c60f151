import { MISS_REASON, reasonShares } from '../contracts/miss-reason.ts';
import { PROPOSED_TTL_MS, type ObservedRow } from './observed.ts';
import { covers, patternOf } from './path-shape.ts';

/** Fewer requests say too little. */
export const LEAST_REQUESTS = 5;
/** Fewer requests for the same thing again say nothing about whether it changes. */
export const LEAST_REPEATS = 3;
/** Most routes of a proposal; the configuration takes 200. */
export const MOST_ROUTES = 50;
/** Most lines about what is left as it is. */
const MOST_LEFT = 50;
const TTL = `${PROPOSED_TTL_MS / 1_000}s`;
const GRACE = '5m';

export interface ProposalInput {
  readonly service: string;
  readonly url: string;
  readonly rows: readonly ObservedRow[];
  /** All requests, those that weren't looked at one by one included. */
  readonly requests: number;
  readonly observed: number;
  readonly wouldHave: number;
  /** Wall ms. */
  readonly from: number;
  readonly to: number;
}

/** What becomes of a shape, and the reason for it. */
interface Verdict {
  readonly row: ObservedRow;
  /** Lines of the policy; none = left as it is. */
  readonly policy: readonly string[];
  readonly because: readonly string[];
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);

/**
 * A whole configuration for the service, derived from what was observed; each line has its reason as a comment.
 * It never ignores what forbids storing: a ttl is only for answers that say nothing themselves.
 */
export function proposePolicy(input: ProposalInput): string {
  const verdicts = input.rows.map(judge);
  const proposed = verdicts.filter(({ policy }) => policy.length > 0).slice(0, MOST_ROUTES);
  const left = verdicts.filter((verdict) => !proposed.includes(verdict));
  // Without a route of its own, what is left would get the policy of a pattern that matches it too.
  const exceptions = left.filter(
    ({ row }) => row.method === 'GET' && proposed.some(({ row: other }) => covers(other.shape, row.shape)),
  );
  // An exception that finds no room takes the patterns that match it out.
  const kept = exceptions.slice(0, MOST_ROUTES);
  const homeless = exceptions.slice(MOST_ROUTES);
  const safe = proposed.filter(({ row }) => !homeless.some(({ row: other }) => covers(row.shape, other.shape)));
  const routes = [...safe, ...kept].sort(bySpecificity);
  const lines = [
    ...heading(input),
    'services:',
    `  - name: ${JSON.stringify(input.service)}`,
    '    targets:',
    `      - url: ${JSON.stringify(input.url)}`,
    '    # mode: observe  # to go on looking before you leap; without it, answers come from the cache',
    ...(routes.length === 0 ? [] : ['    routes:', ...routes.flatMap(routeLines)]),
    ...leftLines(left.filter((verdict) => !kept.includes(verdict))),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function heading({ requests, observed, wouldHave, from, to }: ProposalInput): string[] {
  const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const share = observed > 0 ? ` (${Math.round((wouldHave / observed) * 100)} %)` : '';
  return [
    '# A proposal of Pitwall: read each line before you keep it.',
    `# From ${requests} requests between ${time(from)} and ${time(to)} UTC. Of ${observed} in mode observe,`,
    `# ${wouldHave}${share} would have needed no origin call, with no policy at all.`,
    "# Nothing here ignores no-store, private, Set-Cookie, Authorization or a request's Cookie.",
  ];
}

function judge(row: ObservedRow): Verdict {
  const { method, requests, saved, repeats, changed, failed, reasons } = row;
  const leave = (...because: string[]): Verdict => ({ row, policy: [], because });
  if (method !== 'GET') return leave(reasonsOf(row));
  if (requests < LEAST_REQUESTS) return leave(`too few to judge by; ${reasonsOf(row)}`);
  const silent = reasons['no-freshness'] ?? 0;
  const others = sum(Object.values(reasons)) - silent;
  if (silent >= LEAST_REQUESTS && others <= silent * 0.1 && saved <= silent * 0.1) {
    if (repeats < LEAST_REPEATS) return leave(`no Cache-Control, and asked again ${repeats} times only: too few`);
    if (failed > 0) return leave(`no Cache-Control, and ${failed} of ${requests} failed`);
    if (changed > 0)
      return leave(`no Cache-Control, and ${changed} of ${repeats} repeats had another size: it changes`);
    return {
      row,
      policy: [`ttl: ${TTL}`],
      because: [
        `${silent} of ${requests} answers said nothing about freshness. Asked again ${repeats} times, each answer had`,
        `the same size as before. With ${TTL}, ${row.withinTtl} would have been saved. Check that everybody gets the same`,
        `answer, and that ${TTL} old is good enough.`,
      ],
    };
  }
  if (saved >= LEAST_REQUESTS && saved >= requests * 0.3) {
    return {
      row,
      policy: [`staleIfError: ${GRACE}`],
      because: [
        `The origin says how long answers are fresh: ${saved} of ${requests} needed no origin call as it is.`,
        `When the origin fails, an answer up to ${GRACE} past that is served rather than an error.`,
      ],
    };
  }
  return leave(reasonsOf(row));
}

/** "no-store (31), cold (2)" in words, most frequent first. */
function reasonsOf({ reasons, saved, requests }: ObservedRow): string {
  const words = reasonShares([reasons]).map(({ reason, count }) => `${MISS_REASON[reason].words} (${count})`);
  return [`${saved} of ${requests} saved as it is`, ...words].join(', ');
}

function routeLines({ row, policy, because }: Verdict): string[] {
  return [
    ...(policy.length > 0 ? because : [`Left as it is: ${because.join(' ')}.`]).map((line) => `      # ${plain(line)}`),
    `      - path: ${JSON.stringify(patternOf(row.shape))}`,
    '        methods: [GET, HEAD]',
    ...(policy.length === 0 ? [] : ['        policy:', ...policy.map((line) => `          ${line}`)]),
  ];
}

function leftLines(left: readonly Verdict[]): string[] {
  if (left.length === 0) return [];
  const more = left.length - MOST_LEFT;
  return [
    '# Left as they are:',
    ...left
      .slice(0, MOST_LEFT)
      .map(({ row, because }) => `#   ${plain(`${row.method} ${patternOf(row.shape)}: ${because.join(' ')}`)}`),
    ...(more > 0 ? [`#   and ${more} more`] : []),
  ];
}

/** The first pattern that matches wins: words before parameters, whole patterns before "any rest". */
function bySpecificity({ row: { shape: a } }: Verdict, { row: { shape: b } }: Verdict): number {
  const ids = (shape: typeof a): number => shape.segments.filter((segment) => segment === null).length;
  return Number(a.rest) - Number(b.rest) || b.segments.length - a.segments.length || ids(a) - ids(b);
}

/** What came over the network, fit for a comment: a line break in it would end the comment. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
