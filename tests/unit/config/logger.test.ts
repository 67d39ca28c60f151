import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adoptConsole } from '../../../lib/config/adopt-console.ts';
import { createLogger } from '../../../lib/config/logger.ts';
import { createLogWriter, type LogStream } from '../../../lib/config/log-writer.ts';
import { correlated } from '../../../lib/kernel/correlation.ts';
import { createPortLogger, type LogLine } from '../../../lib/kernel/port-logger.ts';
import { createRedactor } from '../../../lib/kernel/redact.ts';

function capture(isTTY = false): { stream: LogStream; lines: string[]; parsed(): Record<string, unknown>[] } {
  const lines: string[] = [];
  const parsed = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { stream: { isTTY, write: (text) => lines.push(text) }, lines, parsed };
}

describe('createLogger', () => {
  it('writes JSON lines', () => {
    const { stream, lines, parsed } = capture();
    const log = createLogger('debug', { stream });
    log.debug('a');
    log.info('b', { port: 80, none: undefined });
    log.warn('c');
    log.error('d', { error: new Error('broken'), level: 3 });
    expect(parsed().map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'a'],
      ['info', 'b'],
      ['warn', 'c'],
      ['error', 'd'],
    ]);
    expect(parsed()[1]).toMatchObject({ port: 80, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(parsed()[1]).not.toHaveProperty('none');
    expect(parsed()[3]).toMatchObject({ error: { type: 'Error', message: 'broken' }, _level: 3 });
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  });

  it('leaves out what is below its level', () => {
    const { stream, lines } = capture();
    const log = createLogger('warn', { stream });
    log.debug('a');
    log.info('b');
    log.warn('c');
    createLogger('silent', { stream }).error('d');
    expect(lines).toHaveLength(1);
  });

  it('looks at nothing of a line that is not written', () => {
    const { stream } = capture();
    const fields = {
      get a(): string {
        throw new Error('looked');
      },
    };
    expect(() => createLogger('info', { stream }).debug('x', fields)).not.toThrow();
  });

  it('writes plain lines for people, one each, without what a terminal would obey', () => {
    const { stream, lines } = capture(true);
    const log = createLogger('info', { stream });
    log.warn('The file is gone.', { file: 'a b.yaml', plain: 'x', none: '', count: 3 });
    log.error('Closing failed.', { error: new Error('two\nlines'), correlationId: 'r1' });
    log.info('\u001b[31mred');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d WARN  The file is gone\. file="a b\.yaml" plain=x none="" count=3\n$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d ERROR Closing failed\. correlationId=r1 error="two\\nlines"\n$/);
    expect(lines[2]).toMatch(/ info   \[31mred\n$/);
  });

  it('goes to standard output when told nothing', () => {
    expect(() => createLogger('silent').info('nothing')).not.toThrow();
  });

  it('gives every line an id: of its fields, of the request or job it is written in, else of this life', async () => {
    const { stream, parsed } = capture();
    const log = createLogger('info', { stream, lifeId: 'life' });
    log.info('a');
    await correlated('request', async () => {
      await sleep(1);
      log.info('b');
      correlated('job', () => log.info('c'));
      log.info('d', { correlationId: 'own' });
    });
    log.info('e');
    expect(parsed().map(({ correlationId }) => correlationId)).toEqual(['life', 'request', 'job', 'own', 'life']);
    const other = capture();
    createLogger('info', { stream: other.stream }).info('a');
    expect(other.parsed()[0]?.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes secrets out of messages, fields, stacks and causes', () => {
    const { stream, lines, parsed } = capture();
    const redactor = createRedactor();
    const log = createLogger('info', { stream, redactor });
    const cause = new AggregateError([new Error('password=hunter2')], 'Cookie: a=hunter2; b=hunter2');
    const error = Object.assign(new Error('asked https://me:hunter2@shop.test/?token=hunter2', { cause }), {
      code: 'ECONNREFUSED',
    });
    log.error('Bearer hunter2hunter2 was refused by redis://:hunter2@shop.test', {
      error,
      headers: { authorization: 'hunter2', 'x-tenant': 'hunter2-tenant' },
      cookie: 'hunter2',
      secret: true,
    });
    expect(lines.join('').replaceAll('hunter2-tenant', '')).not.toContain('hunter2');
    expect(parsed()[0]).toMatchObject({
      error: { code: 'ECONNREFUSED', cause: { errors: [{ message: 'password=[redacted]' }] } },
      headers: { authorization: '[redacted]', 'x-tenant': 'hunter2-tenant' },
      cookie: '[redacted]',
      secret: true,
    });
    redactor.configure(['X-Tenant']);
    log.info('x', { headers: { 'x-tenant': 'hunter2-tenant' } });
    expect(parsed()[1]).toMatchObject({ headers: { 'x-tenant': '[redacted]' } });
  });

  it('tells of an error as much as fits, whatever hangs on it', () => {
    const { stream, parsed } = capture();
    let error = new Error('the innermost');
    for (let n = 0; n < 20; n++) error = new Error(`level ${n} ${'x'.repeat(2_000)}`, { cause: error });
    createLogger('info', { stream }).error('x', { error });
    expect(parsed()[0]?.error).toMatchObject({ type: 'Error', cause: { cause: { cause: { type: 'Error' } } } });
  });

  it('waits at the end until its lines are written', async () => {
    const stream = { writableLength: 10, write: () => true };
    const log = createLogger('info', { stream });
    log.info('a');
    const flushed = log.flush().then(() => stream.writableLength);
    await sleep(30);
    stream.writableLength = 0;
    expect(await flushed).toBe(0);
  });
});

describe('a logger of a thread', () => {
  it('hands over plain data', () => {
    const lines: LogLine[] = [];
    const log = createPortLogger((line) => lines.push(structuredClone(line)));
    log.warn('a', { error: new TypeError('x', { cause: 'y' }), n: 1 });
    log.info('b');
    expect(lines).toMatchObject([
      { level: 'warn', message: 'a', fields: { error: { type: 'TypeError', message: 'x', cause: 'y' }, n: 1 } },
      { level: 'info', message: 'b', fields: undefined },
    ]);
  });
});

describe('a log that nobody reads', () => {
  it('drops lines rather than grow, and says how many once there is room', () => {
    const written: string[] = [];
    const stream = { writableLength: 0, write: (text: string) => written.push(text) };
    const writer = createLogWriter(stream, (dropped) => `lost ${dropped}`);
    writer.write('a');
    stream.writableLength = 5 * 1_048_576;
    writer.write('b');
    writer.write('c');
    stream.writableLength = 0;
    writer.write('d');
    writer.write('e');
    expect(written).toEqual(['a', 'lost 2', 'd', 'e']);
  });

  it('tells of lost lines as of others', () => {
    const { stream, parsed } = capture();
    const slow = Object.assign(stream, { writableLength: 5 * 1_048_576 });
    const log = createLogger('info', { stream: slow, lifeId: 'life' });
    log.info('a');
    slow.writableLength = 0;
    log.info('b');
    expect(parsed()[0]).toMatchObject({ level: 'warn', correlationId: 'life' });
    expect(parsed()[0]?.message).toContain('1 log lines were lost');
  });

  it('is no reason to end', () => {
    const listeners: ((error: Error) => void)[] = [];
    const stream = {
      write: () => true,
      on: (_: 'error', listener: (error: Error) => void) => listeners.push(listener),
    };
    createLogWriter(stream, String);
    expect(() => listeners.forEach((listener) => listener(new Error('EPIPE')))).not.toThrow();
    expect(listeners).toHaveLength(1);
  });

  it('is waited for no longer than told', async () => {
    const writer = createLogWriter({ writableLength: 1, write: () => true }, String);
    await expect(writer.flush(30)).resolves.toBeUndefined();
  });
});

describe('adoptConsole', () => {
  it('writes what packages print to the log, at its level and without secrets', () => {
    const { stream, parsed } = capture();
    const printing = { debug() {}, log() {}, info() {}, warn() {}, error() {} } as Pick<
      Console,
      'debug' | 'log' | 'info' | 'warn' | 'error'
    >;
    adoptConsole(printing, createLogger('debug', { stream }));
    printing.debug('a');
    printing.log('b %s', 1);
    printing.info('c');
    printing.warn('d');
    printing.error(new Error('password=x'));
    printing.error('It failed:', new Error('y'));
    expect(parsed().map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'a'],
      ['info', 'b 1'],
      ['info', 'c'],
      ['warn', 'd'],
      ['error', 'password=[redacted]'],
      ['error', 'It failed:'],
    ]);
    expect(parsed()[5]).toMatchObject({ error: { message: 'y' } });
  });
});
