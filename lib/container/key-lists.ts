import { isSensitive, urlOf, withoutRealm } from '../cache/entry-key.ts';
import type { GatewaySnapshot, KeyCount, KeyCounters, SnapshotWants } from '../contracts/control.ts';
import { MAX_TOP, type Keys, type KeysQuery } from '../contracts/keys.ts';
import { PitwallError } from '../kernel/errors.ts';
import { REDACTED } from '../kernel/redact-text.ts';
import { hasWholeUrl } from '../metrics/bounded-key.ts';
import { mergeKeyCounters } from '../metrics/key-counters.ts';

/** Each worker gives so many times the keys that are wanted: one that is in the middle of every list may lead them all. */
const DEPTH = 10;

type Wanted = Required<SnapshotWants>['keys'];

/** The most asked and most missed keys of the whole fleet. */
export interface KeyLists {
  /** As people read them. Rejects with `gateway_unavailable` where no gateway answers. */
  listKeys(query: KeysQuery): Promise<Keys>;
}

/** @param answering the workers that answer; rejects where none does */
export function createKeyLists(answering: (wants: SnapshotWants) => Promise<GatewaySnapshot[]>): KeyLists {
  async function topKeys({ top, hours }: Wanted, depth: number): Promise<KeyCounters> {
    const snapshots = await answering({ keys: { top: top * depth, hours } });
    const merged = mergeKeyCounters(
      snapshots.flatMap(({ keys }) => keys ?? []),
      top * depth,
    );
    // A service that is served no more is counted on for as long as the list reaches back.
    const served = new Set(snapshots.flatMap(({ services }) => services.map(({ service }) => service)));
    const isServed = ({ service }: KeyCount): boolean => served.has(service);
    if (merged !== undefined) {
      return { ...merged, asked: merged.asked.filter(isServed), missed: merged.missed.filter(isServed) };
    }
    // Workers of before an upgrade.
    throw new PitwallError('gateway_unavailable', 'No gateway worker that answers counts keys.', { retryAfter: 1 });
  }

  return {
    async listKeys({ by, top, hours, service, route }) {
      // Keys of a route that isn't asked for much stand far down the list: all that is counted is looked through.
      const narrow = service !== undefined || route !== undefined;
      const { from, [by]: counted } = await (narrow
        ? topKeys({ top: MAX_TOP * DEPTH, hours }, 1)
        : topKeys({ top, hours }, DEPTH));
      const looked = counted.filter(
        (row) => (service ?? row.service) === row.service && (route ?? row.route) === row.route,
      );
      const rows = looked.slice(0, top).map((row) => ({
        ...row,
        key: withoutRealm(row.key),
        url: isWhole(row.key) ? urlOf(row.key) : null,
      }));
      return { from, rows };
    },
  };
}

/** Whether the URL within the key is the one that was asked for, and may be seen. */
function isWhole(key: string): boolean {
  return hasWholeUrl(key) && !isSensitive(key) && !urlOf(key).includes(REDACTED);
}
