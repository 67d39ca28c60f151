import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionWords } from '@/hooks/action-words';
import { agentWords } from '@/components/settings/agent-words';
import { curlLine } from '@/components/settings/curl-line';
import { actorWords, whoWords } from '@/components/settings/journal-words';
import { jsonDiff } from '@/components/settings/json-diff';
import { roleChange } from '@/components/settings/role-words';
import { checkedAnswer, lengthHint } from '@/components/join/complaints';

describe('a change of JSON', () => {
  const signs = (before: unknown, after: unknown) =>
    jsonDiff(before, after).map(({ sign, text }) => sign + text.trim());

  test('is the lines that went and came; the order of keys is no change', () => {
    expect(signs({ a: 1, b: 'x' }, { b: 'x', a: 2 })).toEqual([' {', '-"a": 1,', '+"a": 2,', ' "b": "x"', ' }']);
    expect(signs({ b: 1, a: 2 }, { a: 2, b: 1 }).every((line) => line.startsWith(' '))).toBe(true);
    expect(signs(null, { a: 1 })).toEqual(['+{', '+"a": 1', '+}']);
    expect(signs('x', null)).toEqual(['-"x"']);
    expect(jsonDiff(null, undefined)).toEqual([]);
  });

  test('has both sides whole, whatever they are', () => {
    const side = (lines: ReturnType<typeof jsonDiff>, sign: '-' | '+') =>
      lines
        .filter((line) => line.sign !== (sign === '-' ? '+' : '-'))
        .map(({ text }) => text)
        .join('\n');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (before, after) => {
        const lines = jsonDiff(before, after);
        if (before !== null) expect(JSON.parse(side(lines, '-'))).toEqual(JSON.parse(JSON.stringify(before)));
        if (after !== null) expect(JSON.parse(side(lines, '+'))).toEqual(JSON.parse(JSON.stringify(after)));
      }),
    );
  });

  test('isn’t looked for where that would take long', () => {
    const long = Array.from({ length: 600 }, (_, i) => i);
    expect(jsonDiff(long, long).filter(({ sign }) => sign === ' ')).toEqual([]);
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128 on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86',
    'Edge 131 on Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
    'Chrome 130 on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari 18 on iPhone',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'Unknown browser'],
  [null, 'Unknown browser'],
])('%j is %s', (agent, words) => {
  expect(agentWords(agent)).toBe(words);
});

test('another role says what it brings and takes', () => {
  expect(roleChange('viewer', 'operator').gains).toContain('Clear entries, and undo that');
  expect(roleChange('viewer', 'operator').loses).toEqual([]);
  expect(roleChange('admin', 'viewer').loses).toContain('Read the journal: who did what, from where');
});

test('the command for a token asks for what it may', () => {
  expect(curlLine('http://x', 's', ['look', 'metrics'])).toBe("curl -H 'Authorization: Bearer s' http://x/metrics");
  expect(curlLine('http://x', 's', ['clear'])).toContain('/api/cache/clear');
  expect(curlLine('http://x', 's', ['look'])).toContain('/api/performance/overview');
  expect(curlLine('http://x', 's', ['journal'])).toContain('/api/journal');
  expect(curlLine('http://x', 's', ['hold'])).toContain('/api/session');
});

test('actions and people in words, ids where there are none', () => {
  expect(actionWords({ action: 'clearCache', after: { title: 'Clear tag a' } })).toBe('Cleared');
  expect(actionWords({ action: 'breaker', after: { title: 'Breaker opened' } })).toBe('Breaker opened');
  expect(actionWords({ action: 'somethingNew', after: null })).toBe('somethingNew');
  expect(whoWords({ actor: 'local', who: null })).toBe('At this machine');
  expect(whoWords({ actor: 'person:1', who: 'Mara' })).toBe('Mara');
  expect(whoWords({ actor: 'person:1', who: null })).toBe('Somebody erased');
  expect(whoWords({ actor: 'token:1', who: null })).toBe('An erased token');
  expect(whoWords({ actor: 'stranger', who: 'ada@shop.test' })).toBe('ada@shop.test');
  expect(whoWords({ actor: 'stranger', who: null })).toBe('Somebody who logs in');
  expect(actorWords({ actor: 'stranger', who: 'ada@shop.test' })).toBe('Somebody who logs in');
  expect(actorWords({ actor: 'person:1', who: 'Mara' })).toBe('Mara');
});

test('what a first account lacks is said field by field; a password’s length while it’s typed', () => {
  const wrong = checkedAnswer({ secret: 's', name: ' ', email: 'x', password: 'short' });
  expect('wrong' in wrong && Object.keys(wrong.wrong)).toEqual(['name', 'email', 'password']);
  expect(checkedAnswer({ secret: 's', password: 'twelve chars' })).toHaveProperty('answer');
  expect(lengthHint(0)).toContain('12 characters');
  expect(lengthHint(11)).toContain('1 to go');
  expect(lengthHint(12)).toBe('Long enough.');
});
