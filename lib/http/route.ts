import { z } from 'zod';
import { getContainer, type Container } from '../runtime.ts';
import { actorName, nameOf } from '../auth/identity.ts';
import { callerOf, identityOf, type Caller } from './caller.ts';
import { readJson } from './json-body.ts';
import type { About, Operation } from './operation.ts';
import { queryOf, validate } from './validation.ts';

/** How long an answer may be reused, by kind, ms. 'none' is asked anew each time. */
export const CACHE_MS = { none: 0, live: 30_000, trend: 300_000, history: 600_000 } as const;
export type CacheKind = keyof typeof CACHE_MS;

export interface Journaled<Query, Params, Body, Answer> {
  /** What it's done to; default the path's parameters. */
  target?(input: { readonly params: Params; readonly body: Body }): string;
  /** What of the body (and the query) is written down, which stays for good; default all of the body. */
  asked?(body: Body, query: Query): unknown;
  /** What was there before; asked before it's done. */
  before?(input: { readonly container: Container; readonly params: Params }): unknown;
  /** What is there now; secrets in it are taken out. */
  after?(answer: Answer): unknown;
}

export interface RouteOptions<Query, Params, Body, Answer> {
  /** For the API's reference; every route of app/api has one, a test sees to it. */
  readonly about?: About;
  readonly query?: z.ZodType<Query>;
  readonly params?: z.ZodType<Params>;
  /** Makes a JSON body obligatory. */
  readonly body?: z.ZodType<Body>;
  /** Most bytes of it; default 64 KiB. */
  readonly bodyLimit?: number;
  readonly response: z.ZodType<Answer>;
  /** Content type of an answer that is a text; default JSON. */
  readonly type?: string;
  /** For GET: identical questions share one answer, at once and for as long as the kind says. Default 'none'. */
  readonly cache?: CacheKind;
  /**
   * What the journal says of a verb that changes something, beside who asked for what, from where, and what became of
   * it. False for one that changes nothing, or that is written down elsewhere; a GET is written down where it's given.
   */
  readonly journal?: false | Journaled<Query, Params, Body, Answer>;
  handler(input: {
    readonly container: Container;
    readonly query: Query;
    readonly params: Params;
    readonly body: Body;
    readonly caller: Caller;
    /** Added to the answer's. */
    readonly headers: Headers;
  }): Answer | Promise<Answer>;
}

/** One verb of one resource: takes a request, yields its answer as JSON text. Rejects with a PitwallError. */
export interface Route {
  readonly operation: Operation;
  run(verb: string, request: Request, params: unknown): Promise<{ readonly text: string; readonly headers: Headers }>;
}

const anything = z.unknown().transform(() => undefined);

/**
 * The one wrapper of the console's API: parses query, path parameters and body, runs the handler, and parses
 * the answer against its contract. Errors: `validation_failed`, `malformed_request`, `unsupported_media_type`,
 * `body_too_large`, and what the handler throws.
 */
export function route<Answer, Query = undefined, Params = undefined, Body = undefined>(
  options: RouteOptions<Query, Params, Body, Answer>,
): Route {
  const cache = options.cache ?? 'none';
  const schemaOf = <T>(schema: z.ZodType<T> | undefined): z.ZodType<T> =>
    schema ?? (anything as z.ZodType as z.ZodType<T>);

  return {
    operation: options,
    async run(verb, request, givenParams) {
      const container = getContainer();
      const query = validate(schemaOf(options.query), 'query', queryOf(request.url));
      const params = validate(schemaOf(options.params), 'params', givenParams);
      const given = options.body === undefined ? undefined : await readJson(request, options.bodyLimit);
      const body = validate(schemaOf(options.body), 'body', given);
      const caller = callerOf(request);
      const headers = new Headers(options.type === undefined ? {} : { 'content-type': options.type });
      const handle = async (): Promise<Answer> =>
        options.response.parse(await options.handler({ container, query, params, body, caller, headers }));
      async function journaled({
        target,
        asked,
        before,
        after,
      }: Journaled<Query, Params, Body, Answer>): Promise<Answer> {
        const { actor } = identityOf(caller);
        const parts = Object.values(params ?? {}).map(String);
        const about = {
          actor: actorName(actor),
          who: nameOf(actor),
          from: caller,
          action: options.about?.id ?? new URL(request.url).pathname,
          target: target?.({ params, body }) ?? (parts.length === 0 ? null : parts.join(' ')),
          before: (await before?.({ container, params })) ?? null,
          after: (asked === undefined ? body : asked(body, query)) ?? null,
          requestId: caller.requestId,
        };
        return container.journal.command(about, handle, after);
      }
      const reads = verb === 'GET' || verb === 'HEAD';
      const { journal = reads ? false : {} } = options;
      const answer = async (): Promise<string> => textOf(await (journal === false ? handle() : journaled(journal)));
      if (cache === 'none' || options.body !== undefined) return { text: await answer(), headers };
      const key = JSON.stringify([new URL(request.url).pathname, query, params]);
      return { text: await container.answers.getOrSet(key, answer, CACHE_MS[cache]), headers };
    },
  };
}

/** A text is an answer of its own kind, whose type is in its headers; everything else is JSON. */
function textOf(answer: unknown): string {
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
}
