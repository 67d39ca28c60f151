import { describe, expect, it } from 'vitest';
import { isExtended, isSensitive, urlOf, withoutRealm } from '../../../lib/cache/entry-key.ts';

describe('the parts of a key', () => {
  it.each([
    ['GET http://a.test/', 'http://a.test/', false],
    ['GET http://a.test/?x=1 realm=s', 'http://a.test/?x=1', false],
    ['GET http://a.test/ realm=s headers=2,3:x-a,1:1', 'http://a.test/', true],
    ['POST http://a.test/ body=abc', 'http://a.test/', true],
    ['no-space', 'no-space', false],
  ])('%s', (key, url, extended) => {
    expect(urlOf(key)).toBe(url);
    expect(isExtended(key)).toBe(extended);
  });
});

it.each([
  ['GET http://a.test/', 'GET http://a.test/'],
  ['GET http://a.test/?x=1 realm=s/1', 'GET http://a.test/?x=1'],
  ['GET http://a.test/ realm=s/1 headers=2,3:x-a,1:1', 'GET http://a.test/ headers=2,3:x-a,1:1'],
  ['GET http://a.test/ headers=2,3:x-a,9: realm=s/1', 'GET http://a.test/ headers=2,3:x-a,9: realm=s/1'],
  ['no-space', 'no-space'],
])('%s is for people %s', (key, shown) => {
  expect(withoutRealm(key)).toBe(shown);
});

it.each([
  ['GET http://a.test/ realm=s/1/sensitive', true],
  ['GET http://a.test/ realm=s/1/sensitive headers=2,3:x-a,1:1', true],
  ['GET http://a.test/ realm=s/1', false],
  ['GET http://a.test/sensitive', false],
  ['GET http://a.test/ realm=s/1 headers=2,3:x-a,10:/sensitive', false],
  ['GET http://a.test/ headers=2,3:x-a,23: realm=s/1/sensitive', false],
  ['no-space', false],
])('%s is a sensitive route’s: %s', (key, sensitive) => {
  expect(isSensitive(key)).toBe(sensitive);
});
