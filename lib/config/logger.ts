import { Writable } from 'node:stream';
import { createLogger as createWinston, format, transports } from 'winston';
import { correlationId } from '../kernel/correlation.ts';
import { errorFields } from '../kernel/error-fields.ts';
import type { Logger } from '../kernel/logger.ts';
import { createRedactor, hidden, type Redactor } from '../kernel/redact.ts';
import type { LogLevel } from './environment.ts';
import { createLogWriter, type LogStream, type LogWriter } from './log-writer.ts';

/** Longest message, characters. */
const LONGEST = 16_384;
/** How long the last lines get at the end, ms. */
const FLUSH_MS = 1_000;
/** Under which winston keeps a line once it's made (triple-beam). */
const MESSAGE = Symbol.for('message');

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 } as const;
const NAMES = { error: 'ERROR', warn: 'WARN ', info: 'info ', debug: 'debug' } as const;
type Level = keyof typeof LEVELS;

export interface ProcessLogger extends Logger {
  /** Resolves when what was logged is written, or a second later. */
  flush(): Promise<void>;
}

export interface LoggerOptions {
  readonly stream?: LogStream;
  /** Takes secrets out of every line. */
  readonly redactor?: Redactor;
  /** On lines that belong to no request and no job: of this life of the process. */
  readonly lifeId?: string;
}

interface Line {
  readonly level: Level;
  readonly timestamp: string;
  readonly correlationId: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

function describeField(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) || value === '' ? JSON.stringify(value) : value;
  if (typeof value === 'object' && value !== null && 'type' in value && 'message' in value) {
    return JSON.stringify(value.message);
  }
  return JSON.stringify(value);
}

/** A line for people: `12:03:10 WARN  The file is gone. file=a.yaml`. What the terminal would obey is taken out. */
function readable({ level, timestamp, message, ...fields }: Line, lifeId: string): string {
  const told = Object.entries(fields).filter(([name, value]) => name !== 'correlationId' || value !== lifeId);
  const rest = told.map(([name, value]) => ` ${name}=${describeField(value)}`).join('');
  const plain = `${message}${rest}`.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
  return `${timestamp.slice(11, 19)} ${NAMES[level]} ${plain}`;
}

/**
 * The operator's log on winston, and the only one of the process: threads send their lines here. JSON, or plain lines
 * where a person looks at a terminal. Every line has a `correlationId`: the one among its fields, else of the request
 * or job that it's written in, else `lifeId`. Secrets are taken out of message and fields; errors among the fields
 * keep their stack and causes.
 */
export function createLogger(level: LogLevel, options: LoggerOptions = {}): ProcessLogger {
  const { stream = process.stdout, redactor = createRedactor(), lifeId = crypto.randomUUID() } = options;
  const least = level === 'silent' ? -1 : LEVELS[level];
  const render = (line: Line): string => (stream.isTTY === true ? readable(line, lifeId) : JSON.stringify(line));
  const lineOf = (at: Level, message: string, fields: object): Line => ({
    level: at,
    timestamp: new Date().toISOString(),
    correlationId: correlationId() ?? lifeId,
    message: redactor.text(message.slice(0, LONGEST)),
    ...Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => taken(name, value))),
  });
  const taken = (name: string, value: unknown): [string, unknown][] => {
    if (value === undefined) return [];
    const free = RESERVED.has(name) ? `_${name}` : name;
    return [
      [
        free,
        redactor.isSecret(name) ? hidden(value) : redactor.value(value instanceof Error ? errorFields(value) : value),
      ],
    ];
  };
  const writer = createLogWriter(
    stream,
    (dropped) => `${render(lineOf('warn', `${dropped} log lines were lost: whatever reads them is too slow.`, {}))}\n`,
  );
  const winston = createWinston({
    level: level === 'silent' ? 'error' : level,
    levels: LEVELS,
    silent: level === 'silent',
    format: format((info) => Object.assign(info, { [MESSAGE]: render(info as unknown as Line) }))(),
    transports: [new transports.Stream({ stream: streamOf(writer), eol: '\n' })],
  });
  const write =
    (at: Level) =>
    (message: string, fields: object = {}): void => {
      // Nothing is paid for a line that isn't written.
      if (LEVELS[at] <= least) winston.log(lineOf(at, message, fields));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    async flush() {
      // Lines are on their way through winston's streams until the next turn.
      await new Promise((resolve) => setImmediate(resolve));
      await writer.flush(FLUSH_MS);
    },
  };
}

function streamOf(writer: LogWriter): Writable {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      writer.write(line);
      done();
    },
  });
}

/** What a field may not be called. */
const RESERVED: ReadonlySet<string> = new Set(['level', 'timestamp', 'message']);
