import type { z } from 'zod';
import { PitwallError } from '../kernel/errors.ts';

/** Parses `value` or throws `validation_failed` with one message that names every fault by its path. */
export function validate<T>(schema: z.ZodType<T>, where: 'query' | 'params' | 'body', value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`,
  );
  throw new PitwallError('validation_failed', faults.join('; '));
}

/** A query as plain data; a name that comes twice becomes a list, which a schema for one value refuses. */
export function queryOf(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const search = new URL(url).searchParams;
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}
