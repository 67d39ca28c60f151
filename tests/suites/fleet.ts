import { afterEach, describe, expect, it } from 'vitest';
import type { Fleet, Landing, Turn } from '../../lib/dedup/fleet.ts';
import { eventually } from '../support/eventually.ts';

type Lead = Extract<Turn, { kind: 'lead' }>;

/** Several members of one fleet. */
export interface Members {
  readonly members: readonly Fleet[];
  /** The first member dies without a word. */
  killFirst(): void;
  close(): void | Promise<void>;
}

/** What every Fleet keeps. */
export function fleetSuite(name: string, open: (members: number) => Promise<Members>): void {
  describe(`fleet: ${name}`, () => {
    let fleet: Members | undefined;
    const never = new AbortController().signal;
    const all = async (members: number): Promise<readonly Fleet[]> => (fleet = await open(members)).members;

    afterEach(async () => {
      await fleet?.close();
    });

    /** `count` enters over all members, and what they were told so far. */
    function enter(members: readonly Fleet[], key: string, count: number, signal = never): Turn[] {
      const told: Turn[] = [];
      for (let i = 0; i < count; i++) {
        void (members[i % members.length] as Fleet).enter(key, signal).then((turn) => told.push(turn));
      }
      return told;
    }
    const leads = (told: readonly Turn[]): Lead[] => told.filter((turn) => turn.kind === 'lead');
    const led = (told: readonly Turn[], count: number): Promise<Lead> =>
      eventually(() => {
        expect(leads(told)).toHaveLength(count);
        return leads(told).at(-1) as Lead;
      });

    it.each<Landing>(['stored', 'alone'])('has one leader of fifty, and tells the others: %s', async (landing) => {
      const told = enter(await all(3), 'key', 50);
      const leader = await led(told, 1);
      expect([told.length, leader.waited]).toEqual([1, false]);
      leader.land(landing);
      await eventually(() => expect(told).toHaveLength(50));
      expect(told.slice(1).every((turn) => turn.kind === 'landed' && turn.landing === landing)).toBe(true);
    });

    it('keeps keys apart, and gives the next lease of a key a higher fence', async () => {
      const members = await all(2);
      const [one, other] = [enter(members, 'one', 1), enter(members, 'other', 1)];
      const first = await led(one, 1);
      await led(other, 1);
      first.land('stored');
      const again: Turn[] = [];
      await eventually(async () => {
        again.push(await (members[1] as Fleet).enter('one', never));
        expect(leads(again)).toHaveLength(1);
      });
      expect((again.at(-1) as Lead).fence).toBeGreaterThan(first.fence);
    });

    it('replaces a leader that died, by one of those who wait, within a second', async () => {
      const [first, second] = (await all(2)) as [Fleet, Fleet];
      const dead = await led(enter([first], 'key', 1), 1);
      const told = enter([second], 'key', 9);
      const since = performance.now();
      fleet?.killFirst();
      const next = await led(told, 1);
      expect(performance.now() - since).toBeLessThan(1_000);
      expect([next.fence > dead.fence, next.waited]).toEqual([true, true]);
      // What the dead one still says counts for nothing.
      dead.land('alone');
      next.land('stored');
      await eventually(() => expect(told).toHaveLength(9));
      expect(told.slice(1)).toEqual(Array.from({ length: 8 }, () => ({ kind: 'landed', landing: 'stored' })));
    });

    it('lets go of those who leave, and of a landing that is said twice', async () => {
      const members = await all(2);
      const told = enter(members, 'key', 1);
      const leader = await led(told, 1);
      const leaving = new AbortController();
      const left = enter(members, 'key', 5, leaving.signal);
      const stayed = enter(members, 'key', 2);
      leaving.abort();
      await eventually(() => expect(left).toHaveLength(5));
      expect(left.every(({ kind }) => kind === 'alone')).toBe(true);
      leader.land('stored');
      leader.land('alone');
      await eventually(() => expect(stayed).toHaveLength(2));
      expect(stayed).toEqual(Array.from({ length: 2 }, () => ({ kind: 'landed', landing: 'stored' })));
    });
  });
}
