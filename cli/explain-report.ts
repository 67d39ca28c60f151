import type { ExplainAnswer, Explanation, ExplainStep } from '../lib/contracts/explain.ts';
import { timeText } from '../lib/kernel/time-text.ts';
import { harmless } from './terminal.ts';

/** Columns of a step's name. */
const WIDTH = 11;

const OUTCOMES: Readonly<Record<Explanation['decision']['outcome'], string>> = {
  hit: 'answered from the store',
  stale: 'answered stale from the store',
  revalidate: 'the origin confirms what is stored first',
  fetch: 'fetched from the origin',
  pass: 'passed to the origin, neither stored nor shared',
  part: 'its range alone is fetched from the origin, and may be stored',
  observe: 'forwarded: the service is only observed',
  'only-if-cached': 'refused with 504, as the request asks',
  'breaker-open': 'refused with 503, as the breaker is open',
  unknown: 'takes its body to tell',
};

/** Every worker's explanation, or one for all that decide the same. Nothing in it steers a terminal. */
export function describeExplanations({ agree, workers }: ExplainAnswer): string {
  const count = workers.length;
  if (!agree) return [`The ${count} workers decide differently.`, ...workers.map(describe)].join('\n\n');
  const first = describe(workers[0] as Explanation);
  return count === 1 ? first : `All ${count} workers decide the same; one of them:\n\n${first}`;
}

function describe({ instance, worker, decision, steps }: Explanation): string {
  const reason = decision.reason === null ? '' : ` (${decision.reason})`;
  const level = decision.level === null ? '' : `, ${decision.level.toUpperCase()}`;
  const title = `${instance}, worker ${worker}: ${OUTCOMES[decision.outcome]}${level}${reason}`;
  return [harmless(title), '', ...steps.flatMap(linesOf)].join('\n');
}

/** What a step says, what decided with its source, and its numbers; each on a line. */
function linesOf({ step, says, because, numbers }: ExplainStep): string[] {
  const lines = [says];
  if (because !== undefined) lines.push(`${because.source}: ${because.text}`);
  // A clear's number stands in its source.
  const told = Object.entries(numbers ?? {}).filter(([name]) => name !== 'clear');
  if (told.length > 0) lines.push(told.map(numberText).join(', '));
  return lines.map((line, i) => (i === 0 ? step : '').padEnd(WIDTH) + harmless(line));
}

/** "lifetime 24 h"; a moment as a time. */
function numberText([name, value]: [string, number]): string {
  if (name.endsWith('At')) return `${name} ${new Date(value).toISOString()}`;
  return `${name} ${Math.abs(value) < 1_000 ? `${Math.round(value)} ms` : timeText(value)}`;
}
