import { PitwallError } from '../kernel/errors.ts';

/** Largest input of a job, bytes of JSON. */
export const INPUT_BYTES = 65_536;
/** Largest checkpoint or result, bytes of JSON. */
export const STATE_BYTES = 262_144;

/**
 * A copy of `value` as JSON keeps it, so that nobody changes it afterwards; undefined becomes null.
 * Throws `validation_failed` for what isn't JSON or has more than `limit` bytes.
 */
export function asJson(what: string, value: unknown, limit: number): unknown {
  const text = textOf(what, value);
  if (Buffer.byteLength(text) > limit) {
    throw new PitwallError('validation_failed', `The ${what} of a job may have at most ${limit} bytes of JSON.`);
  }
  return JSON.parse(text);
}

function textOf(what: string, value: unknown): string {
  try {
    return (JSON.stringify(value) as string | undefined) ?? 'null';
  } catch (error) {
    throw new PitwallError('validation_failed', `The ${what} of a job has to be JSON.`, { cause: error });
  }
}

/** Text that every database takes: at most `length` characters, well-formed, without NUL. */
export function asText(text: string, length: number): string {
  return text.replaceAll('\0', '').slice(0, length).toWellFormed();
}
