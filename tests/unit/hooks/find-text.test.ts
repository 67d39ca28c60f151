import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFind, parseFind } from '@/hooks/use-find-text';

test('what is looked for survives the address, beside the rest of it', () => {
  expect(formatFind('?service=shop', 'cache clear')).toBe('?service=shop&find=cache+clear');
  expect(formatFind('?service=shop&find=cache', '')).toBe('?service=shop');
  expect(formatFind('?find=cache', '')).toBe('');
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(parseFind(formatFind('', text))).toBe(text);
    }),
  );
});

test('a text has an end', () => {
  expect(parseFind(`?find=${'x'.repeat(300)}`)).toHaveLength(200);
  expect(formatFind('', 'x'.repeat(300))).toHaveLength('?find='.length + 200);
});
