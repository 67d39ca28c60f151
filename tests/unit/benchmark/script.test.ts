import { describe, expect, it } from 'vitest';
import { createScript } from '../../../lib/benchmark/script.ts';
import { line } from './lines.ts';

describe('script', () => {
  it('asks as the log did, and expects its status and size', () => {
    const script = createScript();
    expect(script(line(5, '/a', { bytes: 300 }))).toEqual({
      at: 5,
      method: 'GET',
      path: '/a',
      firstBytes: undefined,
      status: 200,
      size: 300,
    });
    expect(script(line(6, '/b', { status: 404, bytes: 7, method: 'POST' }))).toMatchObject({
      status: 404,
      size: 7,
      method: 'POST',
    });
  });

  it('takes a 304 for the 200 that it stands for, with the last known size', () => {
    const script = createScript();
    expect(script(line(1, '/a', { status: 304, bytes: 0 }))).toMatchObject({ status: 200, size: 0 });
    script(line(2, '/a', { bytes: 300 }));
    script(line(3, '/a', { bytes: 500 }));
    expect(script(line(4, '/a', { status: 304, bytes: 0 }))).toMatchObject({ status: 200, size: 500 });
    // A path not met before: the mean so far.
    expect(script(line(5, '/new', { status: 304, bytes: 0 }))).toMatchObject({ status: 200, size: 400 });
    expect(script(line(6, '/a', { method: 'HEAD', bytes: 0 }))).toMatchObject({ method: 'HEAD', size: 500 });
  });

  it('asks for a 206 as a range of the whole', () => {
    const script = createScript();
    expect(script(line(1, '/v', { status: 206, bytes: 10 }))).toMatchObject({ status: 200, size: 10, firstBytes: 10 });
    script(line(2, '/v', { bytes: 900 }));
    expect(script(line(3, '/v', { status: 206, bytes: 10 }))).toMatchObject({ status: 200, size: 900, firstBytes: 10 });
    expect(script(line(4, '/v', { status: 206, bytes: 0 }))).toMatchObject({ size: 900, firstBytes: undefined });
  });

  it('forgets sizes past its bound, rather than grow with the log', () => {
    const script = createScript();
    script(line(0, '/first', { bytes: 999_999 }));
    for (let i = 0; i < 100_000; i++) script(line(i, `/p${i}`, { bytes: 1 }));
    expect(script(line(1, '/first', { status: 304, bytes: 0 })).size).not.toBe(999_999);
    expect(script(line(1, '/p99999', { status: 304, bytes: 0 })).size).toBe(1);
  });
});
