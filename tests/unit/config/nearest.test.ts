import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../lib/config/nearest.ts';

describe('nearest', () => {
  it('finds the word that was meant', () => {
    const known = ['ttl', 'tags', 'timeouts', 'staleIfError', 'keyHeaders'];
    expect(nearest('tt', known)).toBe('ttl');
    expect(nearest('timeout', known)).toBe('timeouts');
    expect(nearest('keyheader', known)).toBe('keyHeaders');
    expect(nearest('stale-if-error', known)).toBe('staleIfError');
    expect(nearest('database', known)).toBeUndefined();
    expect(nearest('ttl', [])).toBeUndefined();
  });

  it('finds any longer word with one letter lost, added or changed', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('lose', 'add', 'change'), (text, seed, edit) => {
        const at = seed % text.length;
        const middle = { lose: '', add: `Z${text[at]}`, change: 'Z' }[edit];
        expect(nearest(text.slice(0, at) + middle + text.slice(at + 1), [text])).toBe(text);
      }),
    );
  });
});
