import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternFaults } from '../../../lib/config/pattern.ts';
import { compilePath } from '../../../lib/gateway/match.ts';
import { createFolds } from '../../../lib/onboarding/fold-shapes.ts';
import { covers, MAX_SEGMENTS, patternOf, shapeOf } from '../../../lib/onboarding/path-shape.ts';

const pattern = (path: string): string => patternOf(shapeOf(path));
/** What stands in a URL's path, signs of patterns included. */
const segment = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~:*()+,;=@%'"), maxLength: 60 }),
  fc.constantFrom('api', 'chats', 'me', '', '42', ':id', '*'),
  fc.uuid(),
);
const path = fc.array(segment, { maxLength: 20 }).map((segments) => `/${segments.join('/')}`);

describe('the shape of a path', () => {
  it.each([
    ['/', '/'],
    ['/api/chats/42/history', '/api/chats/:id/history'],
    ['/api/chats/', '/api/chats/'],
    ['/users/7/orders/1042', '/users/:id/orders/:id2'],
    ['/o/123e4567-e89b-12d3-a456-426614174000', '/o/:id'],
    ['/blob/5f0c21aab7', '/blob/:id'],
    ['/01JCX4T2M8Q1ZP9V6T3K7W5R2N', '/:id'],
    ['/reports/2026-11-27', '/reports/:id'],
    ['/u/user_42', '/u/:id'],
    ['/static/app.3f2a9c1b.js', '/static/:id'],
    ['/static/app.js', '/static/app.js'],
    ['/api/v2/oauth2/decade', '/api/v2/oauth2/decade'],
    ['/a:b/c*d', '/:id/:id2'],
  ])('of %s is %s', (given, expected) => {
    expect(pattern(given)).toBe(expected);
  });

  it('is always a pattern that the configuration takes and that matches the path, and is bounded', () => {
    fc.assert(
      fc.property(path, (given) => {
        const found = pattern(given);
        expect(patternFaults(found)).toEqual([]);
        expect(compilePath(found).test(given)).toBe(true);
        expect(found.split('/').length).toBeLessThanOrEqual(MAX_SEGMENTS + 1);
        expect(found.length).toBeLessThanOrEqual(MAX_SEGMENTS * 50);
      }),
      { numRuns: 1_000 },
    );
  });

  it('covers another where its pattern matches whatever that one matches', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        if (covers(shapeOf(a), shapeOf(b))) expect(compilePath(pattern(a)).test(b)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(covers(shapeOf('/a/1'), shapeOf('/a/me'))).toBe(true);
    expect(covers(shapeOf('/a/me'), shapeOf('/a/1'))).toBe(false);
    expect(covers(shapeOf('/a/1'), shapeOf('/a/'))).toBe(false);
    const deep = `/${Array.from({ length: 20 }, () => 'a').join('/')}`;
    expect(covers(shapeOf(deep), shapeOf(`${deep}/b`))).toBe(true);
    expect(covers(shapeOf('/a'), shapeOf(deep))).toBe(false);
  });
});

describe('many words in one place', () => {
  const shaped = (given: string) => ({ method: 'GET', shape: shapeOf(given) });
  const words = Array.from({ length: 13 }, (_, i) => `article-${String.fromCharCode(97 + i)}`);

  it('are a parameter; as many as allowed stay words', () => {
    const folds = createFolds();
    folds.learn(
      words.slice(1).map((word) => shaped(`/blog/${word}/comments`)),
      12,
    );
    expect(patternOf(folds.apply(shaped('/blog/article-b/comments')))).toBe('/blog/article-b/comments');
    folds.learn(
      words.map((word) => shaped(`/blog/${word}/comments`)),
      12,
    );
    expect(patternOf(folds.apply(shaped('/blog/never-seen/comments')))).toBe('/blog/:id/comments');
    expect(patternOf(folds.apply(shaped('/blog/never-seen/edit')))).toBe('/blog/never-seen/edit');
    const post = { ...shaped('/blog/never-seen/comments'), method: 'POST' };
    expect(patternOf(folds.apply(post))).toBe('/blog/never-seen/comments');
  });

  it('are found in several places at once', () => {
    const folds = createFolds();
    const paths = words.flatMap((user) => words.map((post) => `/${user}/${post}`));
    folds.learn(paths.map(shaped), 12);
    expect(patternOf(folds.apply(shaped('/article-a/article-b')))).toBe('/:id/:id2');
  });

  it('leave the "/" at the end of a path alone', () => {
    const folds = createFolds();
    folds.learn([...words.map((word) => shaped(`/blog/${word}`)), shaped('/blog/')], 12);
    expect(patternOf(folds.apply(shaped('/blog/')))).toBe('/blog/');
  });
});
