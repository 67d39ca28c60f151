import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';

/** A log line on its way from a worker to the thread that owns the log. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: object | undefined;
}

/** A logger that hands its lines to `send`; errors among the fields travel as plain data. */
export function createPortLogger(send: (line: LogLine) => void): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields?: object): void =>
      send({ level, message, fields: fields && plain(fields) });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function plain(fields: object): object {
  const entries = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Error ? errorFields(value) : value,
  ]);
  return Object.fromEntries(entries) as object;
}
