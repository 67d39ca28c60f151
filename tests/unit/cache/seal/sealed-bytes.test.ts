import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSteps, openBytes, PIECE_BYTES, sealBytes } from '../../../../lib/cache/seal/sealed-bytes.ts';
import type { SealKey } from '../../../../lib/cache/seal/seal-key.ts';
import { testKey } from '../../../support/sealed-level.ts';

const key = testKey(1);
const HEAD = 41;
const TAG = 16;
const NAME = 'SEALED u realm=k';

const seal = async (...parts: Buffer[]): Promise<Buffer> => inSteps(sealBytes(key, NAME, parts));
const open = async (sealed: Buffer, name = NAME, by: SealKey = key): Promise<Buffer | undefined> =>
  inSteps(openBytes(by, name, sealed));

describe('sealed bytes', () => {
  it.each([0, 1, 1_000, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 7])(
    'come back whole: %d of them',
    async (length) => {
      const bytes = Buffer.alloc(length, 'what is kept ');
      const cut = Math.floor(length / 3);
      const sealed = await seal(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(sealed.includes('what is kept')).toBe(false);
      expect(sealed).toHaveLength(HEAD + length + Math.max(1, Math.ceil(length / PIECE_BYTES)) * TAG);
      expect((await open(sealed))?.equals(bytes)).toBe(true);
    },
  );

  it('are others each time', async () => {
    const bytes = Buffer.from('the same');
    expect((await seal(bytes)).equals(await seal(bytes))).toBe(false);
  });

  it('open with no bit changed, of the head as of the rest', async () => {
    const sealed = await seal(Buffer.from('a body'));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        expect(await open(changed)).toBeUndefined();
      }),
    );
  });

  it('open at no other length', async () => {
    const sealed = await seal(Buffer.from('a body'));
    for (let length = 0; length < sealed.length; length++)
      expect(await open(sealed.subarray(0, length))).toBeUndefined();
    expect(await open(Buffer.concat([sealed, Buffer.alloc(1)]))).toBeUndefined();
  });

  it('open under no other name, and with no other key', async () => {
    const sealed = await seal(Buffer.from('a body'));
    expect(await open(sealed, `${NAME}2`)).toBeUndefined();
    expect(await open(sealed, NAME, testKey(2))).toBeUndefined();
    // A key of another secret that says it is this one.
    expect(await open(sealed, NAME, { ...testKey(2), id: key.id })).toBeUndefined();
  });

  it('open without a piece, with one more, or with two that changed places in no case', async () => {
    const sealed = await seal(Buffer.alloc(2 * PIECE_BYTES + 5, 'x'));
    const other = await seal(Buffer.alloc(2 * PIECE_BYTES + 5, 'y'));
    const head = sealed.subarray(0, HEAD);
    const piece = (of: Buffer, n: number): Buffer =>
      of.subarray(HEAD + n * (PIECE_BYTES + TAG), HEAD + (n + 1) * (PIECE_BYTES + TAG));
    const [one, two, last] = [piece(sealed, 0), piece(sealed, 1), piece(sealed, 2)];
    expect((await open(Buffer.concat([head, one, two, last])))?.length).toBe(2 * PIECE_BYTES + 5);
    for (const pieces of [
      [one, two],
      [one],
      [two, last],
      [one, last],
      [two, one, last],
      [one, two, one, last],
      [one, two, last, last],
      [one, piece(other, 1), last],
    ])
      expect(await open(Buffer.concat([head, ...pieces]))).toBeUndefined();
  });

  it('take a turn of the loop for each piece but the first', async () => {
    const work = sealBytes(key, NAME, [Buffer.alloc(3 * PIECE_BYTES)]);
    let turns = 0;
    while (work.next().done !== true) turns++;
    expect(turns).toBe(2);
    expect(inSteps(sealBytes(key, NAME, [Buffer.alloc(10)]))).toBeInstanceOf(Buffer);
  });
});
