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

  it('bounds number and length, and keeps those of the policy', () => {
    const many = Array.from({ length: 100 }, (_, i) => `tag-${i}`).join(',');
    const tags = responseTags(['Cache-Tag', many], ['policy']);
    expect(tags).toHaveLength(MAX_TAGS);
    expect(tags[0]).toBe('policy');
    const longest = 'x'.repeat(MAX_TAG_LENGTH);
    expect(responseTags(['Cache-Tag', `${longest},${longest}x`], [])).toEqual([longest]);
  });

  it('names what is stripped before the client', () => {
    expect([...TAG_HEADERS]).toEqual(['cache-tag', 'surrogate-key']);
  });
});
