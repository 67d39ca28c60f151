import { describe, expect, it } from 'vitest';
import { createLogger, type LogStream } from '../../../lib/config/logger.ts';

function capture(isTTY: boolean): { stream: LogStream; lines: string[] } {
  const lines: string[] = [];
  return { stream: { isTTY, write: (text) => lines.push(text) }, lines };
}

describe('createLogger', () => {
  it('writes JSON lines', () => {
    const { stream, lines } = capture(false);
    const log = createLogger('debug', stream);
    log.debug('a');
    log.info('b', { port: 80 });
    log.warn('c');
    log.error('d', { error: new Error('broken') });
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed.map(({ level, msg }) => [level, msg])).toEqual([
      [20, 'a'],
      [30, 'b'],
      [40, 'c'],
      [50, 'd'],
    ]);
    expect(parsed[1]).toMatchObject({ port: 80, time: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(parsed[3]).toMatchObject({ error: { type: 'Error', message: 'broken' } });
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  });

  it('leaves out what is below its level', () => {
    const { stream, lines } = capture(false);
    const log = createLogger('warn', stream);
    log.debug('a');
    log.info('b');
    log.warn('c');
    createLogger('silent', stream).error('d');
    expect(lines).toHaveLength(1);
  });

  it('writes plain lines for people, one each', () => {
    const { stream, lines } = capture(true);
    const log = createLogger('info', stream);
    log.warn('The file is gone.', { file: 'a b.yaml', plain: 'x', none: '', count: 3 });
    log.error('Closing failed.', { error: new Error('two\nlines') });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d WARN  The file is gone\. file="a b\.yaml" plain=x none="" count=3\n$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d ERROR Closing failed\. error="two\\nlines"\n$/);
  });

  it('goes to standard output when told nothing', () => {
    expect(() => createLogger('silent').info('nothing')).not.toThrow();
  });
});
