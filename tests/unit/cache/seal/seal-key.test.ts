import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ID_BYTES } from '../../../../lib/cache/seal/seal-key.ts';
import { testKey } from '../../../support/sealed-level.ts';

const [key, other] = [testKey(1), testKey(2)];

it('has an id of its own, and nothing of the secret in it', () => {
  expect(key.id).toHaveLength(ID_BYTES);
  expect(key.id.equals(testKey(1).id)).toBe(true);
  expect(key.id.equals(other.id)).toBe(false);
  expect(key.id.equals(Buffer.alloc(ID_BYTES, 1))).toBe(false);
});

it('names texts by the secret', () => {
  expect(key.nameOf('a')).toBe(testKey(1).nameOf('a'));
  expect(key.nameOf('a')).toMatch(/^[\w-]{43}$/);
  expect(new Set([key.nameOf('a'), key.nameOf('b'), other.nameOf('a')]).size).toBe(3);
});

it('hides a text so that it can be compared, and shows it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, name) => {
      const hidden = key.hide(name, text);
      expect(hidden).toBe(key.hide(name, text));
      expect(key.show(name, hidden)).toBe(Buffer.from(text).toString());
      expect(key.hide(`${name}2`, text)).not.toBe(hidden);
      expect(key.show(`${name}2`, hidden)).toBeUndefined();
      expect(other.show(name, hidden)).toBeUndefined();
    }),
  );
});

it('shows nothing that was changed or cut', () => {
  const hidden = Buffer.from(key.hide('n', 'de'), 'base64url');
  for (let at = 0; at < hidden.length; at++) {
    const changed = Buffer.from(hidden);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(key.show('n', changed.toString('base64url'))).toBeUndefined();
    expect(key.show('n', hidden.subarray(0, at).toString('base64url'))).toBeUndefined();
  }
});
