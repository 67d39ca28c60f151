import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANGES, type Range } from '../../../lib/contracts/overview.ts';
import { BUCKETS, toSparse, type Sparse } from '../../../lib/kernel/sparse-histogram.ts';
import { FIELDS } from '../../../lib/live/field.ts';
import { gapFrame, packFrame, type Frame, type FrameRow } from '../../../lib/live/frame.ts';
import { createTimeline, type Timeline } from '../../../lib/live/timeline.ts';
import { sumServices, type Window } from '../../../lib/live/window.ts';

const ROUTES = 6;
const serviceOf = (id: number): string => `s${id % 2}`;

/** What a second was made of, kept apart from its packed frame. */
interface Second {
  readonly span: number;
  readonly rows: readonly FrameRow[];
  readonly evictions: readonly number[];
}

const count = fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(2 ** 40));
const fields = fc.array(count, { minLength: FIELDS, maxLength: FIELDS }).map((values) => Float64Array.from(values));
const histogram: fc.Arbitrary<Sparse> = fc
  .uniqueArray(fc.tuple(fc.nat(BUCKETS - 1), fc.integer({ min: 1, max: 5_000_000 })), {
    selector: ([index]) => index,
    maxLength: 4,
  })
  .map((pairs) => pairs.sort(([a], [b]) => a - b).flat());
const row = fc.record({ id: fc.nat(ROUTES - 1), fields, hit: histogram, miss: histogram });
const second: fc.Arbitrary<Second> = fc.oneof(
  fc.constant({ span: 0, rows: [], evictions: [] }),
  fc.record({
    span: fc.integer({ min: 1, max: 60 }),
    rows: fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 3 }),
    evictions: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)),
  }),
);

function frameOf({ span, rows, evictions }: Second, at: number): Frame {
  return span === 0 ? gapFrame(at) : packFrame(at, span, rows, evictions);
}

/** The sums of some seconds, added up from nothing. */
function naive(seconds: readonly Second[]) {
  const sums = { seconds: 0, evictions: [0, 0, 0], fields: new Map<string, number[]>() };
  const latency = new Map<string, Float64Array>();
  const add = (name: string, index: number, value: number, size: number): void => {
    const list = sums.fields.get(name) ?? Array<number>(size).fill(0);
    list[index]! += value;
    sums.fields.set(name, list);
  };
  const record = (name: string, sparse: Sparse): void => {
    const counts = latency.get(name) ?? new Float64Array(BUCKETS);
    for (let i = 0; i < sparse.length; i += 2) counts[sparse[i]!]! += sparse[i + 1]!;
    latency.set(name, counts);
  };
  for (const { span, rows, evictions } of seconds) {
    sums.seconds += span;
    evictions.forEach((n, i) => (sums.evictions[i]! += n));
    for (const { id, fields: values, hit, miss } of rows) {
      values.forEach((value, i) => {
        add(serviceOf(id), i, value, FIELDS);
        add(`r${id}`, i, value, FIELDS);
      });
      record(`${serviceOf(id)} hit`, hit);
      record(`${serviceOf(id)} miss`, miss);
      record(`r${id} miss`, miss);
    }
  }
  return { ...sums, latency };
}

function expectWindow(window: Window, seconds: readonly Second[], routes: boolean): void {
  const expected = naive(seconds);
  expect([window.seconds, [...window.evictions]]).toEqual([expected.seconds, expected.evictions]);
  const none = Array<number>(FIELDS).fill(0);
  const sparse = (name: string): number[] => toSparse(expected.latency.get(name) ?? new Float64Array(BUCKETS));
  for (const name of ['s0', 's1']) {
    const sums = sumServices(window, [name]);
    expect([...sums.fields]).toEqual(expected.fields.get(name) ?? none);
    expect(toSparse(sums.hit)).toEqual(sparse(`${name} hit`));
    expect(toSparse(sums.miss)).toEqual(sparse(`${name} miss`));
  }
  for (let id = 0; routes && id < ROUTES; id++) {
    const sums = window.routes.get(id);
    expect([...(sums?.fields ?? none)]).toEqual(expected.fields.get(`r${id}`) ?? none);
    expect(sums === undefined ? [] : toSparse(sums.miss)).toEqual(sparse(`r${id} miss`));
  }
}

function expectSums(timeline: Timeline, past: readonly Second[]): void {
  for (const [range, length] of Object.entries(RANGES) as [Range, number][]) {
    const { current, previous } = timeline.ranges[range];
    expectWindow(current, past.slice(-length), true);
    expectWindow(previous, past.slice(-2 * length, past.length < length ? 0 : -length), false);
  }
}

describe('the running sums of a timeline', () => {
  it('are always those that adding up the last seconds anew would give', () => {
    const block = fc.array(second, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 70 }), (blocks, times) => {
        const timeline = createTimeline(3_600, serviceOf);
        const past: Second[] = [];
        for (const seconds of blocks) {
          for (let n = 0; n < times; n++) {
            for (const each of seconds) {
              timeline.push(frameOf(each, past.length));
              past.push(each);
            }
          }
          expectSums(timeline, past);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('come back to nothing when all that it knew has passed', () => {
    const timeline = createTimeline(3_600, serviceOf);
    const busy: Second = {
      span: 1,
      rows: [{ id: 1, fields: new Float64Array(FIELDS).fill(7), hit: [3, 5], miss: [1_727, 2 ** 30] }],
      evictions: [1, 2, 3],
    };
    for (let n = 0; n < 900; n++) timeline.push(frameOf(busy, n));
    for (let n = 0; n < 3_600; n++) timeline.push(gapFrame(n));
    expectSums(
      timeline,
      Array.from({ length: 3_600 }, () => ({ span: 0, rows: [], evictions: [] })),
    );
  });
});
