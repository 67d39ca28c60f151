import { withoutRealm } from '../cache/entry-key.ts';
import type { Entry } from '../cache/entry.ts';
import type { ExplainStep } from '../contracts/explain.ts';
import { currentAge } from '../http-cache/freshness.ts';
import { header } from '../http-cache/header-list.ts';
import type { Because } from '../http-cache/reasons.ts';
import { conditionalHeaders } from '../http-cache/validators.ts';
import { selectingValue } from '../http-cache/vary.ts';
import { asksPart, isPassedRange, partFields } from './asked-range.ts';
import { clearReason, entrySteps, storedFor, type EntryScene } from './explain-entry.ts';
import type { Asked } from './exchange.ts';
import type { BreakerLook } from './explain-breaker.ts';
import { directivesOf, type Lookup } from './lookup.ts';
import { becauseOf } from './reason-source.ts';
import type { Outcome, Way } from './way.ts';

/** What was asked, and which route takes it. */
export function requestSteps(x: Asked): ExplainStep[] {
  const { service, route } = x.route;
  const { ignore } = route.policy;
  const dropped = x.query !== x.wholeQuery;
  return [
    {
      step: 'request',
      says: `${x.method} ${x.scheme}://${x.host}${x.path}${x.query}`,
      ...(dropped && {
        because: { text: `the policy makes "${x.query}" of the query "${x.wholeQuery}"`, source: 'policy' },
      }),
    },
    {
      step: 'route',
      says: `Service ${service.config.name} in mode ${service.mode}, route ${route.name}.`,
      ...(service.modeReason !== undefined
        ? { because: { text: service.modeReason, source: 'mode' } }
        : ignore.length > 0 && { because: { text: `Unsafe: it ignores ${ignore.join(', ')}`, source: 'policy' } }),
    },
  ];
}

/** Why a request has no key, and what becomes of it: it's passed on, if the breaker lets it. */
export function passedSteps(
  x: Asked,
  way: Exclude<Way, 'key' | 'key-by-body'>,
  { steps, keptBack }: BreakerLook,
): ExplainStep[] {
  if (keptBack) return [...steps, REFUSED];
  const says = 'It is passed to the origin, neither stored nor shared.';
  return [...steps, { step: 'decision', says, because: passReason(x, way) }];
}

function passReason(x: Asked, way: Exclude<Way, 'key' | 'key-by-body'>): Because {
  if (way === 'range') return { text: 'If-Match or If-Unmodified-Since in the request', source: 'RFC 9110 §13.1' };
  if (way === 'bypass' && x.route.service.mode !== 'bypass')
    return { text: `Connection: ${header(x.headers, 'connection')}`, source: 'RFC 9110 §7.6.1' };
  if (way === 'method' && (x.method === 'GET' || x.method === 'HEAD'))
    return { text: `${x.method} with a body`, source: 'RFC 9110 §9.3.1' };
  return becauseOf(way);
}

export function keyStep(x: Asked, key: string): ExplainStep {
  const { keyHeaders } = x.route.route.policy;
  return {
    step: 'key',
    says: withoutRealm(key),
    ...(keyHeaders.length > 0 && { because: { text: `keyHeaders: ${keyHeaders.join(', ')}`, source: 'policy' } }),
  };
}

/** What a level holds under the key, which variant it is about, and all about that one. */
export function levelSteps(
  scene: EntryScene,
  x: Asked,
  level: 'l2' | 'l3',
  variants: readonly Entry[],
  chosen: Entry | undefined,
): ExplainStep[] {
  const name = level.toUpperCase();
  const [first] = variants;
  if (first === undefined) return [{ step: level, says: `${name} holds nothing under this key.` }];
  const held = variants.length === 1 ? 'one response' : `${variants.length} variants`;
  const steps: ExplainStep[] = [{ step: level, says: `${name} holds ${held} under this key.` }];
  if (chosen === undefined) return [...steps, otherVariantStep(scene, x, first)];
  if (!variants.includes(chosen)) return steps;
  const vary = chosen.vary.length === 0 ? 'for any request' : `for this request's ${chosen.vary.join(', ')}`;
  const says = `${chosen.status}, ${heldOf(chosen)}, ${vary}.`;
  return [...steps, { step: 'variant', says }, ...entrySteps(scene, x, chosen)];
}

function heldOf({ body, partial }: Entry): string {
  if (partial === undefined) return `${body.length} bytes`;
  const ranges = partial.ranges.map(({ start, end }) => `${start}-${end}`).join(', ');
  return `${body.length} of ${partial.length} bytes (${ranges})`;
}

/** The newest variant, and the first header that tells it from the request. */
function otherVariantStep(scene: EntryScene, x: Asked, { vary, varyValues }: Entry): ExplainStep {
  const at = vary.findIndex((name, i) => selectingValue(x.headers, name) !== varyValues[i]);
  const name = vary[at] as string;
  const stored = storedFor(scene, name, varyValues[at] as string);
  return {
    step: 'variant',
    says: 'It is stored for other values of the headers in Vary.',
    because: {
      text: `${name}: stored "${stored}", asked "${selectingValue(x.headers, name)}"`,
      source: 'RFC 9111 §4.1',
    },
  };
}

const DECISIONS: Readonly<Record<Outcome, string>> = {
  observe: 'Forwarded: the service is only observed.',
  hit: 'Answered from the store, fresh.',
  stale: 'Answered from the store, stale, and refreshed behind the answer.',
  'only-if-cached': 'Refused with 504: nothing usable is stored, and the request asks for no more.',
  pass: 'Passed to the origin, neither stored nor shared.',
  part: 'The range alone is fetched from the origin; what comes may be stored as a part.',
  revalidate: 'The origin confirms what is stored before it answers.',
  fetch: 'Fetched from the origin.',
};

const REFUSED: ExplainStep = {
  step: 'decision',
  says: 'Refused with 503: the breaker lets nothing through to the origin, and nothing stored may answer instead.',
  because: { text: 'breaker_open', source: 'breaker' },
};
const FETCHED_ANEW = 'Fetched from the origin: what is stored has no validators that it could confirm.';
/** Why what is stored answers in the origin's place. */
export const STANDS_IN = { text: 'within its grace for answers when the origin fails', source: 'RFC 5861 §4' } as const;

/** What the breaker says, what becomes of the request and what decided, and what the origin is asked, if it is. */
export function decisionSteps(
  scene: EntryScene,
  x: Asked,
  outcome: Outcome,
  found: Lookup,
  { ending, keptBack, steps }: BreakerLook,
): ExplainStep[] {
  if (ending === 'breaker-open') return [...steps, REFUSED];
  const because = decisionReason(scene, x, outcome, found);
  if (!keptBack) {
    const anew = outcome === 'fetch' && found.kind === 'revalidate';
    const says = anew ? FETCHED_ANEW : DECISIONS[outcome];
    return [...steps, { step: 'decision', says, because }, ...originSteps(x, outcome, found)];
  }
  const says = 'Answered from the store, stale: the breaker lets nothing through to the origin.';
  return [...steps, { step: 'decision', says, because: outcome === 'stale' ? because : STANDS_IN }];
}

function decisionReason(scene: EntryScene, x: Asked, outcome: Outcome, found: Lookup): Because {
  if (outcome === 'only-if-cached') return { text: 'only-if-cached in the request', source: 'RFC 9111 §5.2.1.7' };
  if (outcome === 'observe') return becauseOf('observe');
  if (outcome === 'pass') return becauseOf('range');
  if (found.kind === 'fresh') return { text: 'freshness_lifetime > current_age', source: 'RFC 9111 §4.2' };
  if (found.reason === 'request-no-cache') return requestReason(scene, x, found);
  if (found.reason === 'cleared') {
    const clearing = found.entry && scene.clearLog.clearing(found.entry);
    return clearing === undefined ? becauseOf('cleared') : clearReason(clearing);
  }
  if (found.kind === 'revalidate')
    return outcome === 'fetch'
      ? { text: 'stale, no grace lets it answer, and it has no validators', source: 'RFC 9111 §4.3.1' }
      : { text: 'stale, and no grace lets it answer', source: 'RFC 9111 §4.3' };
  if (found.kind === 'miss' && found.reason === 'range')
    return { text: 'parts of it are stored, but not all that is asked for', source: 'RFC 9111 §3.3' };
  if (found.kind === 'miss') return becauseOf(found.reason);
  if (scene.clock.mono() < found.entry.staleWhileRevalidateUntil)
    return { text: 'within its grace for stale answers', source: 'RFC 5861 §3' };
  return { text: 'max-stale in the request', source: 'RFC 9111 §5.2.1.2' };
}

/** Which directive of the request it was that asks for the origin. */
function requestReason({ clock }: EntryScene, x: Asked, { entry }: Lookup): Because {
  const asked = directivesOf(x);
  const text = header(x.headers, 'cache-control');
  if (text === undefined) return { text: 'Pragma: no-cache in the request', source: 'RFC 9111 §5.4' };
  const because = (section: string): Because => ({ text: `Cache-Control: ${text} in the request`, source: section });
  if (asked?.noCache === true) return because('RFC 9111 §5.2.1.4');
  const tooOld =
    asked?.maxAge !== undefined && entry !== undefined && currentAge(entry, clock.mono()) > asked.maxAge * 1_000;
  return because(tooOld ? 'RFC 9111 §5.2.1.1' : 'RFC 9111 §5.2.1.3');
}

/** What the origin is asked, if it is. */
function originSteps(x: Asked, outcome: Outcome, found: Lookup): ExplainStep[] {
  if (outcome === 'hit' || outcome === 'only-if-cached') return [];
  const { target, prefix } = x.route.service.origin;
  const stale = outcome === 'revalidate' || outcome === 'stale' ? found.entry : undefined;
  const fields = [
    ...(stale === undefined ? [] : conditionalHeaders(stale)),
    ...(asksPart(x, stale) ? partFields(x) : []),
  ];
  const lines = fields.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${fields[i + 1]}`] : []));
  const asks = `${new URL(target.url).origin} for ${x.method} ${prefix}${x.path}${x.query}`;
  if (outcome === 'pass' || (outcome === 'observe' && isPassedRange(x)))
    return [{ step: 'origin', says: `Asks ${asks} with ${ownConditions(x).join(', ')}, as the request has it.` }];
  if (lines.length === 0) return [{ step: 'origin', says: `Asks ${asks}, without conditions.` }];
  const because =
    stale === undefined
      ? { text: 'the range that the request asks for', source: 'RFC 9110 §14.2' }
      : { text: 'validators of what is stored', source: 'RFC 9111 §4.3.1' };
  return [{ step: 'origin', says: `Asks ${asks} with ${lines.join(', ')}.`, because }];
}

const CONDITIONS = ['Range', 'If-Range', 'If-None-Match', 'If-Modified-Since'] as const;

/** The client's own range and conditions, which go along with what is passed on. */
function ownConditions(x: Asked): string[] {
  return CONDITIONS.flatMap((name) => {
    const value = header(x.headers, name.toLowerCase());
    return value === undefined ? [] : [`${name}: ${value}`];
  });
}
