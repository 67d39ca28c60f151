import { format } from 'node:util';
import type { Logger } from '../kernel/logger.ts';

type Printing = Pick<Console, 'debug' | 'log' | 'info' | 'warn' | 'error'>;

/** Has what packages print with `console` written to the log instead: a line each, with an id and without secrets. */
export function adoptConsole(console: Printing, logger: Logger): void {
  const to =
    (level: keyof Logger) =>
    (...values: unknown[]): void => {
      const error = values.find((value) => value instanceof Error);
      const rest = values.filter((value) => value !== error);
      logger[level](rest.length === 0 ? (error?.message ?? '') : format(...rest), error && { error });
    };
  Object.assign(console, {
    debug: to('debug'),
    log: to('info'),
    info: to('info'),
    warn: to('warn'),
    error: to('error'),
  } satisfies Printing);
}
