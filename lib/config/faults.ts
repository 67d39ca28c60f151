import { PitwallError } from '../kernel/errors.ts';

/** One thing that is wrong: where (keys and indexes from the root) and what, in words. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `services[0].routes[1].policy.ttl`; the root is the empty string. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** Every line of `lines` under one heading, as one `config_invalid`. */
export function configInvalid(subject: string, lines: readonly string[]): PitwallError {
  const count = lines.length === 1 ? '1 fault' : `${lines.length} faults`;
  return new PitwallError('config_invalid', `${subject} has ${count}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
