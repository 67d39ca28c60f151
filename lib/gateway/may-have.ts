import type { Accepts } from '../cache/level.ts';
import { matchesVary, type Selected } from '../http-cache/vary.ts';
import type { Asked, Exchange } from './exchange.ts';

/** What a response says about who else may have it. */
export interface Shareable extends Selected {
  /** Also for requests with Cookie. */
  readonly forCookie: boolean;
  /** Also for requests with Authorization. */
  readonly forAuthorization: boolean;
}

/** Which credential of the request keeps a response from it that another request fetched, if one does. */
export function withheldFor(
  response: Pick<Shareable, 'forCookie' | 'forAuthorization'>,
  x: Pick<Asked, 'has'>,
): 'cookie' | 'authorization' | undefined {
  if (x.has('cookie') && !response.forCookie) return 'cookie';
  if (x.has('authorization') && !response.forAuthorization) return 'authorization';
  return undefined;
}

/** Whether a response that another request fetched may answer this one: same variant, nothing withheld. */
export function mayHave(response: Shareable, x: Exchange): boolean {
  return matchesVary(response, x.headers) && withheldFor(response, x) === undefined;
}

/** Which stored variants the request could use. */
export function acceptedBy(x: Pick<Asked, 'headers'>): Accepts {
  return (vary, varyValues) => matchesVary({ vary, varyValues }, x.headers);
}
