import { pino } from 'pino';
import type { Logger } from '../kernel/logger.ts';
import type { LogLevel } from './environment.ts';

/** Where log lines go; `process.stdout` is one. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR' };

function describeField(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) || value === '' ? JSON.stringify(value) : value;
  if (typeof value === 'object' && value !== null && 'type' in value && 'message' in value) {
    return JSON.stringify(value.message);
  }
  return JSON.stringify(value);
}

/** pino's JSON line as one for people: `12:03:10 WARN  The file is gone. file=a.yaml`. */
function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string };
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${describeField(value)}`);
  return `${time.slice(11, 19)} ${NAMES[level] ?? String(level)} ${msg}${rest.join('')}\n`;
}

/**
 * The operator's log on pino: JSON lines, or plain ones where a person looks at a terminal.
 * Fields named `error` or `err` may hold an Error.
 */
export function createLogger(level: LogLevel, stream: LogStream = process.stdout): Logger {
  const out = {
    write: (line: string) => {
      stream.write(stream.isTTY === true ? readable(line) : line);
    },
  };
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  };
  const log = pino(options, out);
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  };
}
