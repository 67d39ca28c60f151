import { makeEntry, type Entry } from '../cache/entry.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { header } from '../http-cache/header-list.ts';
import type { Storable } from '../http-cache/storable.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { judge, tagsOf, toEntry, type Content } from './judge.ts';
import { hasPartsOf, heldBeside, isNewer, joined, judgePart } from './part.ts';
import { judgePost } from './post-answer.ts';

/** What becomes of an origin's answer: it's only passed on, or stored too. */
export type Keeping =
  | { readonly store: false; readonly reason: MissReason | undefined }
  | {
      readonly store: true;
      readonly judged: Storable;
      /** The head that was judged. */
      readonly head: OriginHead;
      /** The entry of a body that has ended; undefined if it isn't what the head said. */
      entryOf(body: Buffer, clearNumber: number): Entry | undefined;
    };

/** Of the answer to a request for the whole. */
export function keepWhole(context: GatewayContext, x: Exchange, key: string, head: OriginHead): Keeping {
  const judged = judge(x, head, context.clock);
  return judged.store ? keepJudged(context, x, key, head, judged) : judged;
}

/** Of the answer to a request for a range: the whole, a part, or what depends on the range and is nobody else's. */
export function keepPart(context: GatewayContext, x: Exchange, key: string, head: OriginHead): Keeping {
  if (head.status === 200 && header(head.headers, 'content-range') === undefined)
    return keepWhole(context, x, key, head);
  if (head.status !== 206) return { store: false, reason: 'range' };
  const told = judgePart(context, x, key, head);
  if (!told.store) return told;
  return {
    store: true,
    judged: told.judged,
    head: told.head,
    entryOf(body, clearNumber) {
      // Others may have stored meanwhile.
      const now = judgePart(context, x, key, head);
      if (!now.store || body.length !== now.range.end - now.range.start + 1) return undefined;
      const content = joined(now, body);
      if (now.held !== undefined && isNewer(now.held, head))
        return withContent({ ...now.held, tags: now.tags }, content, clearNumber);
      return toEntry(x, key, now.head, now.judged, now.tags, content, clearNumber);
    },
  };
}

/** Of the answer to a POST, which may be one to GET. @param key GET's; undefined: not here */
export function keepForGet(context: GatewayContext, x: Exchange, key: string | undefined, head: OriginHead): Keeping {
  const judged = key === undefined ? undefined : judgePost(context, x, head);
  if (key === undefined || judged === undefined) return { store: false, reason: undefined };
  return keepJudged(context, x, key, head, judged);
}

function keepJudged(context: GatewayContext, x: Exchange, key: string, head: OriginHead, judged: Storable): Keeping {
  const tooLarge = Number(header(head.headers, 'content-length') ?? 0) > x.route.route.policy.maxEntry;
  const tags = tagsOf(x, head.headers);
  if (tooLarge || tags === undefined) return { store: false, reason: 'too-large' };
  return {
    store: true,
    judged,
    head,
    entryOf(body, clearNumber) {
      const content = { body, partial: undefined };
      const held = heldBeside(context, x, key);
      if (held === undefined || !isNewer(held, head)) return toEntry(x, key, head, judged, tags, content, clearNumber);
      return hasPartsOf(held, head, body.length) ? withContent(held, content, clearNumber) : undefined;
    },
  };
}

/** A later answer's entry with what an earlier one brought of the same, only now: the later one's fields and times hold. */
function withContent(held: Entry, content: Content, clearNumber: number): Entry {
  return makeEntry({ ...held, ...content, clearNumber: Math.min(held.clearNumber, clearNumber) });
}
