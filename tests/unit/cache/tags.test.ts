import { describe, expect, it } from 'vitest';
import { MAX_TAG_LENGTH, MAX_TAGS, responseTags, TAG_HEADERS } from '../../../lib/cache/tags.ts';

describe('responseTags', () => {
  it('reads both fields, on any number of lines, each tag once', () => {
    const headers = ['Cache-Tag', 'a, b c,,a', 'X-Other', 'no', 'surrogate-key', ' d  e\ta', 'CACHE-TAG', 'f'];
    expect(responseTags(headers, ['p', 'a'])).toEqual(['p', 'a', 'b c', 'd', 'e', 'f']);
  });

  it('finds none where there are none', () => {
    expect(responseTags(['Cache-Tag', ' , '], [''])).toEqual([]);
  });

  it('drops none: past a bound there are no tags, and so no entry', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, i) => `tag-${i}`).join(',');
    expect(responseTags(['Cache-Tag', many(MAX_TAGS - 1)], ['policy'])).toHaveLength(MAX_TAGS);
    expect(responseTags(['Cache-Tag', many(MAX_TAGS)], ['policy'])).toBeUndefined();
    const longest = 'x'.repeat(MAX_TAG_LENGTH);
    expect(responseTags(['Cache-Tag', longest], [])).toEqual([longest]);
    expect(responseTags(['Cache-Tag', `${longest}x`], [])).toBeUndefined();
  });

  it('names what is stripped before the client', () => {
    expect([...TAG_HEADERS]).toEqual(['cache-tag', 'surrogate-key']);
  });
});
