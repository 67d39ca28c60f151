import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChain, type ChainFault } from '../../../lib/journal/chain.ts';
import { canonical, chained, macOf, type JournalHead, type JournalRecord } from '../../../lib/journal/record.ts';
import { chainOf, KEY, sampleDraft } from '../../support/journal-chain.ts';

const nullable = fc.option(fc.string({ maxLength: 8 }));

const drafts = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 2e12 }),
    kind: fc.constantFrom('command' as const, 'outcome' as const, 'event' as const, 'gap' as const),
    action: fc.string({ maxLength: 8 }),
    actor: fc.string({ maxLength: 8 }),
    subject: nullable,
    target: nullable,
    of: fc.option(fc.integer({ min: 1, max: 9 })),
    outcome: fc.option(fc.constantFrom('done' as const, 'refused' as const, 'failed' as const)),
    requestId: nullable,
    detail: fc.json({ maxDepth: 1 }),
  }),
  { minLength: 2, maxLength: 12 },
);

const headOf = ({ chain, number, mac }: JournalRecord): JournalHead => ({ chain, number, mac });

function verify(
  records: readonly JournalRecord[],
  known: { pruned?: JournalHead[]; anchors?: JournalHead[] } = {},
): ChainFault | undefined {
  const check = checkChain('one:a', KEY, { pruned: [], anchors: [], ...known });
  check.take(records);
  return check.end();
}

/** One change that somebody with the database, and without the key, could make. */
const tampering = fc.oneof(
  fc.record({ how: fc.constant('delete' as const), at: fc.nat() }),
  fc.record({ how: fc.constant('swap' as const), at: fc.nat(), with: fc.nat() }),
  fc.record({ how: fc.constant('swap contents' as const), at: fc.nat(), with: fc.nat() }),
  fc.record({ how: fc.constant('insert copy' as const), at: fc.nat(), with: fc.nat() }),
  fc.record({ how: fc.constant('insert forged' as const), at: fc.nat() }),
  fc.record({
    how: fc.constant('edit' as const),
    at: fc.nat(),
    field: fc.constantFrom(
      'number',
      'at',
      'kind',
      'action',
      'actor',
      'subject',
      'target',
      'of',
      'outcome',
      'requestId',
      'detail',
      'mac',
    ),
  }),
);

function tamper(
  records: readonly JournalRecord[],
  change: typeof tampering extends fc.Arbitrary<infer T> ? T : never,
): JournalRecord[] {
  const list = [...records];
  const at = change.at % list.length;
  const other = 'with' in change ? change.with % list.length : at;
  const [mine, theirs] = [list[at]!, list[other]!];
  switch (change.how) {
    case 'delete':
      list.splice(at, 1);
      return list;
    case 'swap':
      [list[at], list[other]] = [theirs, mine];
      return list;
    case 'swap contents':
      list[at] = { ...theirs, number: mine.number };
      list[other] = { ...mine, number: theirs.number };
      return list;
    case 'insert copy':
      list.splice(at, 0, theirs);
      return list;
    case 'insert forged': {
      const forged = chained(Buffer.from('not the key'), headOf(mine), sampleDraft());
      const moved = list.slice(at + 1).map((record) => ({ ...record, number: record.number + 1 }));
      return [...list.slice(0, at + 1), forged, ...moved];
    }
    case 'edit': {
      const value = mine[change.field as keyof JournalRecord];
      list[at] = { ...mine, [change.field]: typeof value === 'number' ? value + 1 : `${value ?? ''}x` };
      return list;
    }
  }
}

describe('checkChain', () => {
  it('takes every whole chain, in one go or in parts, from its start or from a checkpoint', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), (list, cut) => {
        const records = chainOf(list);
        const anchors = records.map(headOf);
        expect(verify(records, { anchors })).toBeUndefined();
        const at = cut % records.length;
        const check = checkChain('one:a', KEY, { pruned: [], anchors });
        expect([check.take(records.slice(0, at)), check.take(records.slice(at))]).toEqual([true, true]);
        expect(check.end()).toBeUndefined();
        const pruned = [headOf(records[at]!), headOf(records[0]!), { chain: 'two:b', number: 99, mac: 'x' }];
        expect(verify(records, { pruned, anchors })).toBeUndefined();
        expect(verify(records.slice(at + 1), { pruned, anchors })).toBeUndefined();
      }),
    );
  });

  it('finds every edit, deletion, insertion and swap', () => {
    fc.assert(
      fc.property(drafts, tampering, (list, change) => {
        const records = chainOf(list);
        const spoilt = tamper(records, change);
        fc.pre(JSON.stringify(spoilt) !== JSON.stringify(records));
        expect(verify(spoilt, { anchors: [headOf(records.at(-1)!)] })).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds cuts at the end only by anchors', () => {
    const records = chainOf([{}, {}, {}, {}]);
    const cut = records.slice(0, 2);
    expect(verify(cut)).toBeUndefined();
    expect(verify(cut, { anchors: [headOf(records[3]!)] })).toEqual({ fault: 'cut', number: 3 });
    expect(verify([], { anchors: [headOf(records[3]!)] })).toEqual({ fault: 'cut', number: 1 });
    expect(verify(cut, { pruned: [headOf(records[2]!)] })).toEqual({ fault: 'cut', number: 4 });
  });

  it('says what it found, and where', () => {
    const records = chainOf([{}, {}, {}, {}, {}]);
    const without = (n: number): JournalRecord[] => records.filter(({ number }) => number !== n);
    expect(verify(without(3))).toEqual({ fault: 'missing', number: 4 });
    expect(verify(without(1))).toEqual({ fault: 'missing', number: 2 });
    expect(verify([records[1]!, records[0]!])).toEqual({ fault: 'missing', number: 2 });
    expect(verify([records[0]!, records[0]!])).toEqual({ fault: 'out of order', number: 1 });
    expect(verify([{ ...records[0]!, target: 'x' }])).toEqual({ fault: 'changed', number: 1 });
    expect(verify([{ ...records[0]!, chain: 'x' }])).toEqual({ fault: 'foreign', number: 1 });
    const otherMac = { ...headOf(records[2]!), mac: 'x' };
    expect(verify(records, { anchors: [otherMac] })).toEqual({ fault: 'anchor', number: 3 });
    expect(verify(records, { pruned: [otherMac] })).toEqual({ fault: 'anchor', number: 3 });
    const rest = records.slice(3);
    expect(verify(rest, { pruned: [headOf(records[2]!)], anchors: [otherMac] })).toEqual({
      fault: 'anchor',
      number: 3,
    });
    expect(verify(rest, { pruned: [headOf(records[1]!)] })).toEqual({ fault: 'missing', number: 4 });
    expect(verify([], { pruned: [headOf(records[2]!)], anchors: [headOf(records[2]!)] })).toBeUndefined();
  });

  it('gives no two records the same bytes, nor the same mac under two keys', () => {
    const [record] = chainOf([{ action: 'a","b', target: null }]);
    const [other] = chainOf([{ action: 'a', target: 'b' }]);
    expect(canonical(record!)).not.toBe(canonical(other!));
    expect(macOf(Buffer.from('other'), '', record!)).not.toBe(record!.mac);
  });
});
