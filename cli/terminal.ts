/** Where a command writes. `process.stdout` and `process.stderr` are such streams. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Terminal {
  readonly out: TerminalStream;
  readonly err: TerminalStream;
}

/** A command: its arguments after the name; resolves with the exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** Nothing that a client or an origin sends may steer the terminal. */
export function harmless(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

/** Where the console is unless `--console` says otherwise. */
export const CONSOLE_URL = 'http://127.0.0.1:3000';

/** What `--console` was given. @throws UsageError unless it's a URL of http or https */
export function readConsole(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`--console expects a URL such as ${CONSOLE_URL}, got "${text}".`);
}

/** A mistake in how a command was called: answered with its sentence and exit code 2. */
export class UsageError extends Error {}

/** Whether `error` says that the arguments were wrong: ours, or node:util parseArgs'. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
