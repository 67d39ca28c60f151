import { open } from 'lmdb';
import type { OpenCandidate } from './candidate.ts';

/** LMDB in the gateway's own thread, as it's meant to be used: reads from the map, writes in batches elsewhere. */
export const openLmdb: OpenCandidate = (directory, budgetBytes) => {
  const db = open<Buffer, string>({ path: `${directory}/data`, encoding: 'binary', mapSize: 4 * budgetBytes });
  const held = new Map<string, number>();
  let bytes = 0;
  return Promise.resolve({
    async write(key, body) {
      bytes += body.length - (held.get(key) ?? 0);
      held.delete(key);
      held.set(key, body.length);
      for (const [oldest, length] of held) {
        if (bytes <= budgetBytes) break;
        held.delete(oldest);
        bytes -= length;
        void db.remove(oldest).catch(() => undefined);
      }
      return db.put(key, body);
    },
    read: (key) => Promise.resolve(db.getBinary(key)),
    close: () => db.close(),
  });
};
