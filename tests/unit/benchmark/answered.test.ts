import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../lib/benchmark/answered.ts';

describe('result by Cache-Status', () => {
  it.each([
    [undefined, 'refused'],
    ['pitwall; hit; ttl=4; detail=l1', 'l1'],
    ['pitwall; hit; ttl=4; detail=l2', 'l2'],
    ['pitwall; hit; ttl=4; detail=l1; key="GET http://a/?b=c,d; detail=\\"x"', 'l1'],
    ['pitwall; detail=breaker_open', 'error'],
    ['pitwall; hit; ttl=-4; detail=stale', 'stale'],
    ['pitwall; hit', 'l2'],
    ['pitwall; hit; detail=origin', 'l2'],
    ['pitwall; fwd=uri-miss; fwd-status=200; stored; detail=cold', 'origin'],
    ['pitwall; fwd=uri-miss; fwd-status=200; collapsed; detail=cold', 'coalesced'],
    ['pitwall; fwd=uri-miss; fwd-status=503; detail=cold', 'error'],
    ['pitwall; fwd=uri-miss; detail=cold', 'error'],
    ['cdn; hit, pitwall; fwd=miss; fwd-status=404; detail=no-store', 'origin'],
    ['cdn; fwd=miss; fwd-status=200, pitwall; hit; detail="l2"', 'l2'],
  ])('%s is %s', (cacheStatus, result) => {
    expect(resultOf(cacheStatus)).toBe(result);
  });
});
