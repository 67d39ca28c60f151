import { MOST_CONFIG_BYTES, MOST_CONFIG_TEXTS, type ConfigTexts } from '../journal/config-texts.ts';
import type { DatabaseClient } from './database/driver.ts';

export interface ConfigTextBounds {
  readonly texts: number;
  readonly bytes: number;
}

/** Texts of configurations in the database. */
export function createConfigTexts(
  client: DatabaseClient,
  bounds: ConfigTextBounds = { texts: MOST_CONFIG_TEXTS, bytes: MOST_CONFIG_BYTES },
): ConfigTexts {
  /** What is past the bounds, the newest text never among it. */
  async function past(): Promise<string[]> {
    const rows = await client.configText.findMany({
      orderBy: [{ at: 'desc' }, { hash: 'asc' }],
      select: { hash: true, bytes: true },
    });
    let bytes = 0;
    return rows
      .filter((row, index) => {
        bytes += row.bytes;
        return index > 0 && (index >= bounds.texts || bytes > bounds.bytes);
      })
      .map(({ hash }) => hash);
  }

  return {
    async put(hash, text, at) {
      const row = { text, bytes: Buffer.byteLength(text), at: new Date(at) };
      await client.configText.upsert({ where: { hash }, create: { hash, ...row }, update: { at: row.at } });
      const hashes = await past();
      if (hashes.length > 0) await client.configText.deleteMany({ where: { hash: { in: hashes } } });
    },
    async find(id) {
      const row = await client.configText.findFirst({ where: { hash: { startsWith: id } } });
      return row?.text ?? null;
    },
  };
}
