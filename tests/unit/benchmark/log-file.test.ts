import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_LINE, openLogFile, parseChunks, type LogBatch, type LogFile } from '../../../lib/benchmark/log-file.ts';

const LINE = 'h - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 5';
const SAMPLE = join(import.meta.dirname, '../../support/apache-sample.log');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitwall-log-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect(batches: AsyncIterable<LogBatch>): Promise<LogBatch> {
  const all: { lines: LogBatch['lines'][number][]; skipped: LogBatch['skipped'][number][] } = {
    lines: [],
    skipped: [],
  };
  for await (const batch of batches) {
    all.lines.push(...batch.lines);
    all.skipped.push(...batch.skipped);
  }
  return all;
}
async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (let i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}
async function file(name: string, content: string | Buffer): Promise<LogFile> {
  const path = join(folder, name);
  await writeFile(path, content);
  return openLogFile(path);
}

describe('log file', () => {
  it('reads the sample: good lines, and bad ones with number and reason', async () => {
    const log = await openLogFile(SAMPLE);
    const { lines, skipped } = await collect(log.batches());
    expect(lines).toHaveLength(45);
    expect(skipped.map((line) => line.reason)).toEqual([
      'no request was made ("-")',
      'not an HTTP request',
      'a target that is no path',
      'timestamp not understood',
      'no "request"',
      'no [timestamp]',
    ]);
    expect(skipped[0]).toMatchObject({ number: 38, excerpt: expect.stringMatching(/^203\.0\.113\.9/) as string });
    expect(log.bytesRead()).toBe(log.size);
  });

  it('reads gzip by its first bytes, whatever the name, of several members too', async () => {
    const log = await file('plain.log', Buffer.concat([gzipSync(`${LINE}\n`), gzipSync(`${LINE}\n`)]));
    expect((await collect(log.batches())).lines).toHaveLength(2);
    expect(log.bytesRead()).toBe(log.size);
  });

  it('reads an empty file, one without a last newline, CRLF and a byte order mark', async () => {
    expect(await collect((await file('empty.log', '')).batches())).toEqual({ lines: [], skipped: [] });
    const { lines, skipped } = await collect((await file('crlf.log', `\u{feff}${LINE}\r\n\r\n${LINE}`)).batches());
    expect(lines).toHaveLength(2);
    expect(lines[0]?.client).toBe('h');
    expect(skipped).toEqual([{ number: 2, reason: 'empty line', excerpt: '' }]);
  });

  it('says where a damaged gzip file ends, and keeps what came before', async () => {
    // Incompressible, so that much has been decoded where it breaks off.
    const many = Array.from({ length: 5_000 }, (_, i) => `${LINE} "${Math.sin(i)}" "${Math.cos(i)}"`).join('\n');
    const whole = gzipSync(many);
    const log = await file('cut.log.gz', whole.subarray(0, whole.length - 2_000));
    const { lines, skipped } = await collect(log.batches());
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.length).toBeLessThan(5_000);
    expect(skipped.at(-1)?.reason).toMatch(/^the file can't be read from here on/);
  });

  it('refuses what is no file', async () => {
    await expect(openLogFile(join(folder, 'nothing.log'))).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('ENOENT') as string,
    });
    await expect(openLogFile(folder)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('drops lines over the limit, and reads on behind them', async () => {
    const long = 'x'.repeat(MAX_LINE * 3);
    const bytes = Buffer.from(`${LINE}\n${long}\n${LINE}\n${LINE} ${'y'.repeat(MAX_LINE)}\n${LINE}`);
    for (const size of [7_000, MAX_LINE, 10_000_000]) {
      const { lines, skipped } = await collect(parseChunks(chunksOf(bytes, [size])));
      expect(lines).toHaveLength(3);
      expect(skipped.map(({ number, reason }) => [number, reason])).toEqual([
        [2, 'longer than 64 KiB'],
        [4, 'longer than 64 KiB'],
      ]);
    }
  });

  it('finds the same lines however the bytes are cut, and never throws', async () => {
    const line = fc.oneof(fc.constantFrom(LINE, '', 'bad', `${LINE}\r`), fc.string({ unit: 'binary', maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        async (lines, sizes) => {
          const bytes = Buffer.from(lines.join('\n'));
          const whole = await collect(parseChunks(chunksOf(bytes, [1e9])));
          expect(await collect(parseChunks(chunksOf(bytes, sizes)))).toEqual(whole);
          const newlines = bytes.filter((byte) => byte === 0x0a).length;
          const last = bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0;
          expect(whole.lines.length + whole.skipped.length).toBe(newlines + last);
        },
      ),
    );
  });

  it('lets go of the file when its reader stops early', async () => {
    let ended = 0;
    for await (const batch of parseChunks(chunksOf(Buffer.from(`${LINE}\n`.repeat(100)), [200]), () => (ended += 1))) {
      expect(batch.lines.length).toBeGreaterThan(0);
      break;
    }
    expect(ended).toBe(1);
  });
});
