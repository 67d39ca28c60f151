import { parseDeltaSeconds } from './delta-seconds.ts';
import { listMembers } from './list.ts';

/** What Surrogate-Control says to this surrogate (W3C Note "Edge Architecture", section 2.2). Times in seconds. */
export interface SurrogateControl {
  readonly noStore: boolean;
  readonly maxAge: number | undefined;
  /** How long beyond max-age it may answer stale: `max-age=60+30`. */
  readonly grace: number | undefined;
}

/** How this surrogate is called in Surrogate-Capability, and by targeted directives. */
export const SURROGATE = 'pitwall';

/**
 * Reads a Surrogate-Control value; undefined where it says nothing about storing to this surrogate: a directive may be
 * for another one (`max-age=60;other`). A time that is invalid, or told twice differently, is 0. Never throws.
 */
export function parseSurrogateControl(value: string): SurrogateControl | undefined {
  let noStore = false;
  let times: readonly [number, number | undefined] | undefined;
  for (const member of listMembers(value)) {
    const [directive = '', ...targets] = member.split(';').map((part) => part.trim());
    if (targets.length > 0 && !targets.includes(SURROGATE)) continue;
    const name = directive.toLowerCase();
    if (name === 'no-store') noStore = true;
    else if (name === 'max-age' || name.startsWith('max-age=')) {
      const told = timesOf(directive.slice('max-age='.length));
      times = times === undefined || (times[0] === told[0] && times[1] === told[1]) ? told : [0, undefined];
    }
  }
  if (!noStore && times === undefined) return undefined;
  return { noStore, maxAge: times?.[0], grace: times?.[1] };
}

function timesOf(argument: string): readonly [number, number | undefined] {
  const [fresh = '', stale] = argument.split('+');
  return [parseDeltaSeconds(fresh) ?? 0, stale === undefined ? undefined : (parseDeltaSeconds(stale) ?? 0)];
}
