import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeEntry,
  describedBytes,
  describeEntry,
  isIntact,
  readEntry,
  readVariant,
  sealDescription,
} from '../../../lib/cache/entry-codec.ts';
import type { Entry } from '../../../lib/cache/entry.ts';
import { createTimebase } from '../../../lib/cache/timebase.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { sampleEntry } from '../../suites/level.ts';

const time = createTimebase(manualClock());

function encode(entry: Entry, timebase = time): Buffer {
  const description = describeEntry(entry, timebase);
  sealDescription(description, entry.body);
  return Buffer.concat([description, entry.body]);
}

describe('an entry as bytes', () => {
  it('comes back whole, whatever is in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const texts = fc.array(text, { maxLength: 4 });
    const parts = fc.record({
      key: text,
      service: text,
      vary: texts,
      varyValues: texts,
      status: fc.integer({ min: 200, max: 599 }),
      headers: texts,
      ownHeaders: texts,
      responseDelay: fc.nat(),
      tags: texts,
      body: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      partial: fc.option(
        fc.record({
          length: fc.nat(),
          ranges: fc.array(fc.record({ start: fc.nat(), end: fc.nat() }), { maxLength: 3 }),
        }),
        { nil: undefined },
      ),
      clearNumber: fc.nat(),
      mustRevalidate: fc.boolean(),
      forAuthorization: fc.boolean(),
      forCookie: fc.boolean(),
      etag: fc.option(text, { nil: undefined }),
      lastModified: fc.option(text, { nil: undefined }),
    });
    fc.assert(
      fc.property(parts, (change) => {
        const entry = sampleEntry(change);
        expect(decodeEntry(encode(entry), time)).toEqual(entry);
      }),
    );
  });

  it('is read as an older version wrote it', () => {
    const entry = sampleEntry({ ownHeaders: ['Age', '1'], responseDelay: 5 });
    const description = describeEntry(entry, time);
    const end = describedBytes(description);
    const meta = JSON.parse(description.toString('utf8', end - description.readUInt32LE(8), end)) as unknown[];
    const text = Buffer.from(JSON.stringify(meta.slice(0, 17)));
    const older = Buffer.concat([description.subarray(0, 16), text]);
    older.writeUInt32LE(text.length, 8);
    sealDescription(older, entry.body);
    const read = decodeEntry(Buffer.concat([older, entry.body]), time);
    expect(read).toEqual(sampleEntry({ ownHeaders: [], responseDelay: 0 }));
  });

  it('is none with any byte changed or missing', () => {
    const bytes = encode(sampleEntry());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const harmed = Buffer.from(bytes);
        harmed[at]! ^= change;
        expect(decodeEntry(harmed, time)).toBeUndefined();
        expect(isIntact(bytes.subarray(0, at))).toBe(false);
      }),
    );
  });

  it('is none of another version', () => {
    const description = describeEntry(sampleEntry(), time);
    description[3] = 3;
    sealDescription(description, sampleEntry().body);
    expect(isIntact(Buffer.concat([description, sampleEntry().body]))).toBe(false);
  });

  it('that has parts alone is none to who knows only wholes, nor the other way round', () => {
    const partial = { length: 100, ranges: [{ start: 10, end: 14 }] };
    for (const entry of [sampleEntry({ partial }), sampleEntry()]) {
      const description = describeEntry(entry, time);
      expect(description[3]).toBe(entry.partial === undefined ? 1 : 2);
      description[3] = entry.partial === undefined ? 2 : 1;
      sealDescription(description, entry.body);
      expect(decodeEntry(Buffer.concat([description, entry.body]), time)).toBeUndefined();
    }
  });

  it('tells its variant without its body', () => {
    const bytes = encode(sampleEntry({ vary: ['a'], varyValues: ['x'], body: Buffer.alloc(100) }));
    const start = bytes.subarray(0, describedBytes(bytes));
    expect(start.length).toBe(bytes.length - 100);
    expect(readVariant(start)).toEqual({ vary: ['a'], varyValues: ['x'] });
    expect(readVariant(start.fill('x', 16))).toBeUndefined();
    expect(readEntry(start, time)).toBeUndefined();
  });

  it('isn’t fresh for longer where its writer’s clock was ahead', () => {
    const ahead = createTimebase(manualClock(3_600_000));
    const bytes = encode(sampleEntry({ storedAt: 0, freshUntil: 60_000 }), ahead);
    expect(decodeEntry(bytes, time)).toMatchObject({ storedAt: 0, freshUntil: 0, staleIfErrorUntil: 0 });
    expect(decodeEntry(bytes, ahead)).toMatchObject({ storedAt: 0, freshUntil: 60_000 });
  });
});
