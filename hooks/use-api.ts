'use client';

import { useMemo } from 'react';
import type { z } from 'zod';
import { ApiError, codeOf, failureOf } from './api-error';
import { goToLogin } from './login-path';
import { askRaw } from './raw-answer';
import { useRequestDeduplication } from './use-request-deduplication';

/** What changes something. */
export type Verb = 'POST' | 'PATCH' | 'DELETE';

export interface Api {
  /** GET, shared with every identical GET in flight. Rejects with ApiError. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Changes something: `body` as JSON, none where undefined. The answer, if anybody reads it. Rejects with ApiError. */
  send<T = void>(verb: Verb, path: string, body: unknown, schema?: z.ZodType<T>): Promise<T>;
}

function parse<T>(path: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : ` at ${issue.path.join('.') || 'the root'}: ${issue.message}`;
  throw new ApiError({ kind: 'contract', detail: `${path} broke its contract${where}.` });
}

async function call(path: string, init: RequestInit): Promise<unknown> {
  const { status, text, retryAfterMs } = await askRaw(path, init);
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (status >= 200 && status <= 299) return body;
  const error = new ApiError(failureOf(status, body), retryAfterMs);
  // Wherever a session's end is noticed, that is the way on.
  if (codeOf(error) === 'login_required') goToLogin();
  throw error;
}

/** The only fetcher of the console: parses by contract, and turns problem details into ApiError. */
export function useApi(): Api {
  const inFlight = useRequestDeduplication();
  return useMemo(
    () => ({
      get: <T>(path: string, schema: z.ZodType<T>) =>
        inFlight.share<T>(`GET ${path}`, async () =>
          parse(path, schema, await call(path, { headers: { accept: 'application/json' } })),
        ),
      send: async <T>(verb: Verb, path: string, body: unknown, schema?: z.ZodType<T>) => {
        const answer = await call(path, {
          method: verb,
          headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return schema === undefined ? (undefined as T) : parse(path, schema, answer);
      },
    }),
    [inFlight],
  );
}
