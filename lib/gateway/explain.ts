import { withoutRealm } from '../cache/entry-key.ts';
import { isSameVariant, type Entry } from '../cache/entry.ts';
import type { Explained, ExplainQuestion, ExplainVariant, Explanation } from '../contracts/explain.ts';
import { selectingValue } from '../http-cache/vary.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { askedOf } from './asked-of.ts';
import { mayBeThere } from './below.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import { storedFor, type EntryScene } from './explain-entry.ts';
import { breakerStep, lookAtBreaker } from './explain-breaker.ts';
import { sharingFor, sharingSteps } from './explain-sharing.ts';
import { decisionSteps, keyStep, levelSteps, passedSteps, requestSteps } from './explain-steps.ts';
import { keyOf } from './key-of.ts';
import { choose, type Lookup } from './lookup.ts';
import { acceptedBy } from './may-have.ts';
import { redactExplanation } from './redact-explanation.ts';
import { outcomeOf, wayOf, type Outcome } from './way.ts';

/** All but where it comes from. */
type Told = Omit<Explanation, 'instance' | 'worker'>;

/**
 * What would become of a request now, step by step, or why it would be refused. Touches nothing: no counter, no mark for
 * eviction, no promotion.
 */
export async function explained(
  context: GatewayContext,
  { instance, worker }: Pick<Explanation, 'instance' | 'worker'>,
  question: ExplainQuestion,
): Promise<Explained> {
  try {
    const told = redactExplanation(context.redactor, await explain(context, question));
    return { explanation: { instance, worker, ...told } };
  } catch (error) {
    const { code, message } = asPitwallError(error);
    return { code, message: context.redactor.text(message) };
  }
}

/** Rejects with what "admit" and "match" would refuse the request with. */
async function explain(context: GatewayContext, question: ExplainQuestion): Promise<Told> {
  const x = askedOf(context, question);
  const way = wayOf(x);
  const told = (key: string | null, rest: Pick<Told, 'decision' | 'variants' | 'steps'>): Told => ({
    service: x.route.service.config.name,
    route: x.route.route.name,
    mode: x.route.service.mode,
    sensitive: x.route.route.policy.sensitive,
    key: key && withoutRealm(key),
    ...rest,
    steps: [...requestSteps(x), ...rest.steps],
  });
  if (way === 'key-by-body') {
    const decision = { outcome: 'unknown', reason: null, level: null } as const;
    const because = { text: 'keyBody', source: 'policy' };
    const says = 'A hash of the body is part of the key, so that it takes the body to tell.';
    const closed = x.route.service.origin.breaker.state.kind === 'closed';
    const breaker = closed ? [] : [breakerStep(context.clock, x)];
    return told(null, { decision, variants: [], steps: [{ step: 'key', says, because }, ...breaker] });
  }
  if (way !== 'key') {
    const look = lookAtBreaker(frozen(context.clock), x, 'pass', undefined, false);
    const decision = { outcome: look.ending, reason: way, level: null } as const;
    return told(null, { decision, variants: [], steps: passedSteps(x, way, look) });
  }
  const key = keyOf(x, undefined);
  return told(key, await explainKey(context, x, key));
}

async function explainKey(
  context: GatewayContext,
  x: Asked,
  key: string,
): Promise<Pick<Told, 'decision' | 'variants' | 'steps'>> {
  const { l1, l2, l3, clearLog } = context;
  const verdicts = { verdict: (entry: Entry) => clearLog.clearing(entry)?.mode ?? ('live' as const) };

  const memory = l2.read(key, undefined, true) ?? [];
  const disk = l3 === undefined ? [] : await l3.peek(key, acceptedBy(x));
  const scene = { clock: frozen(context.clock), clearLog, redactor: context.redactor };
  const pick = (variants: readonly Entry[]): Lookup => choose(x, variants, verdicts, scene.clock.mono());
  const usable = (disk ?? []).filter((entry) => verdicts.verdict(entry) !== 'hard');
  const inMemory = pick(memory);
  const asksBelow = l3 !== undefined && x.route.service.mode === 'cache' && inMemory.kind !== 'fresh';
  const looksBelow = asksBelow && mayBeThere(context, l3, x, key, inMemory);
  const found = looksBelow ? pick(newest(memory, usable)) : inMemory;
  const outcome = outcomeOf(x, found);
  const level = found.entry === undefined ? null : memory.includes(found.entry) ? 'l2' : 'l3';

  const steps = [keyStep(x, key)];
  if (memory.some((entry) => l1.holds(entry)))
    steps.push({
      step: 'l1',
      says: 'L1 has it rendered: plain requests are answered from there for up to 0.1 s at a time.',
    });
  steps.push(...levelSteps(scene, x, 'l2', memory, level === 'l3' ? inMemory.entry : found.entry));
  if (disk === undefined) steps.push({ step: 'l3', says: "L3 can't be asked at the moment." });
  else if (l3 !== undefined && level === 'l3') steps.push(...levelSteps(scene, x, 'l3', disk, found.entry));
  else if (l3 !== undefined) steps.push({ step: 'l3', says: besideL3(disk.length, looksBelow) });
  const sharing = sharingFor(context, x, key, found, outcome);
  const look = lookAtBreaker(scene.clock, x, outcome, found, sharing?.open === true);
  steps.push(...sharingSteps(sharing, found), ...decisionSteps(scene, x, outcome, found, look));
  return {
    decision: { outcome: look.ending, reason: reasonOf(outcome, found), level },
    variants: [
      ...memory.map((entry) => toldVariant(scene, x, 'l2', entry, found.entry)),
      ...(disk ?? []).map((entry) => toldVariant(scene, x, 'l3', entry, found.entry)),
    ],
    steps,
  };
}

function besideL3(held: number, asked: boolean): string {
  const holds = held === 0 ? 'nothing' : held === 1 ? 'one response' : `${held} variants`;
  return `L3 holds ${holds} under this key${asked ? '' : '; it is not asked'}.`;
}

function reasonOf(outcome: Outcome, found: Lookup): Explanation['decision']['reason'] {
  if (outcome === 'observe') return 'observe';
  if (outcome === 'pass') return 'range';
  return found.kind === 'fresh' ? null : found.reason;
}

/** All numbers of an explanation are of one moment. */
function frozen(clock: Clock): Clock {
  const [mono, wall] = [clock.mono(), clock.wall()];
  return { mono: () => mono, wall: () => wall };
}

/** As L2 would hold them once L3's were promoted: of one variant the newer. */
function newest(memory: readonly Entry[], disk: readonly Entry[]): readonly Entry[] {
  const newer = disk.filter(
    (entry) => !memory.some((held) => isSameVariant(held, entry) && held.storedAt >= entry.storedAt),
  );
  return [...newer, ...memory.filter((held) => !newer.some((entry) => isSameVariant(held, entry)))];
}

function toldVariant(
  scene: EntryScene,
  x: Asked,
  level: 'l2' | 'l3',
  entry: Entry,
  chosen: Entry | undefined,
): ExplainVariant {
  const { clock, clearLog } = scene;
  const { status, body, tags, vary, varyValues, freshUntil } = entry;
  return {
    level,
    selected: entry === chosen,
    status,
    bytes: body.length,
    tags: [...tags],
    vary: vary.map((name, i) => {
      const stored = varyValues[i] as string;
      const asked = selectingValue(x.headers, name);
      return { name, stored: storedFor(scene, name, stored), asked, same: stored === asked };
    }),
    clear: clearLog.clearing(entry)?.mode ?? 'live',
    freshFor: Math.round(freshUntil - clock.mono()),
  };
}
