'use client';

import { useMemo } from 'react';
import type { z } from 'zod';
import { ApiError, failureOf } from './api-error';
import { askRaw } from './raw-answer';
import { useRequestDeduplication } from './use-request-deduplication';

export interface Api {
  /** GET, shared with every identical GET in flight. Rejects with ApiError. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** POST as JSON. Rejects with ApiError. */
  post(path: string, body: unknown): Promise<void>;
  /** POST as JSON, and the answer. Rejects with ApiError. */
  ask<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
}

function parse<T>(path: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : ` at ${issue.path.join('.') || 'the root'}: ${issue.message}`;
  throw new ApiError({ kind: 'contract', detail: `${path} broke its contract${where}.` });
}

function send(path: string, body: unknown): Promise<unknown> {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
}

async function call(path: string, init: RequestInit): Promise<unknown> {
  const { status, text } = await askRaw(path, init);
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (status < 200 || status > 299) throw new ApiError(failureOf(status, body));
  return body;
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
      post: async (path, body) => void (await send(path, body)),
      ask: async (path, body, schema) => parse(path, schema, await send(path, body)),
    }),
    [inFlight],
  );
}
