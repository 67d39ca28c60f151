import { afterEach, describe, expect, it } from 'vitest';
import { VERSION_ACTIONS, type ConfigVersion } from '../../lib/contracts/config-versions.ts';
import type { ConfigTexts } from '../../lib/journal/config-texts.ts';
import { hashOf, versionIdOf, versionOf } from '../../lib/journal/config-version.ts';
import type { JournalArchive, JournalStore } from '../../lib/journal/journal-store.ts';
import type { JournalRecord, JournalSubject, RecordDraft } from '../../lib/journal/record.ts';
import { foldConfigVersions } from '../support/config-version-fold.ts';
import { chainOf } from '../support/journal-chain.ts';

export interface VersionStores {
  readonly store: JournalStore & JournalArchive;
  readonly texts: ConfigTexts;
}

/** Bounds of the texts that the suite is run with. */
export const BOUNDS = { texts: 3, bytes: 100 } as const;

const ACTIONS = ['importConfig', 'restoreConfig', 'takeConfig', 'setMode'] as const;
const OUTCOMES = ['done', 'refused', 'failed', undefined] as const;

/** Commands of all kinds, outcomes of all kinds, and some that tell of a version without being one. */
function recordsOf(chain: string, at: number): JournalRecord[] {
  const drafts: Partial<RecordDraft>[] = [];
  for (const [a, action] of ACTIONS.entries()) {
    for (const [o, outcome] of OUTCOMES.entries()) {
      const number = drafts.length + 1;
      const version = hashOf(`${chain} ${number}`).slice(0, 12);
      const note = {
        version,
        previous: o === 0 ? null : '0123456789ab',
        way: 'import',
        source: { kind: 'console' },
        words: `Added: ${a}.`,
      };
      const when = at + Math.floor(number / 3);
      drafts.push({
        at: when,
        kind: 'command',
        action,
        actor: 'person:1',
        subject: a % 2 === 0 ? 's' : 't',
        detail: '{"before":null,"after":{"characters":1}}',
      });
      if (outcome === undefined) continue;
      drafts.push({ at: when, kind: 'outcome', of: number, outcome, action, detail: JSON.stringify({ after: note }) });
    }
  }
  drafts.push({ at, kind: 'command', action: 'takeConfig', detail: '{}' });
  drafts.push({
    at,
    kind: 'outcome',
    of: drafts.length,
    outcome: 'done',
    action: 'takeConfig',
    detail: '{"after":{"version":7}}',
  });
  drafts.push({ at, kind: 'event', action: 'takeConfig', detail: '{"after":{"version":"0123456789ab"}}' });
  return chainOf(drafts, { chain, number: 0, mac: '' });
}

/** What keeps versions of the configuration. `create` makes an empty one, and what closes it. */
export function configVersionSuite(
  name: string,
  create: () => Promise<VersionStores & { close: () => Promise<void> }>,
): void {
  describe(`versions of the configuration: ${name}`, () => {
    let close = async (): Promise<void> => {};
    afterEach(async () => {
      await close();
      close = async () => {};
    });
    async function make(): Promise<VersionStores> {
      const made = await create();
      close = made.close;
      return made;
    }

    it('are a view of the journal: a rebuild from its records is the same', async () => {
      const { store } = await make();
      const records = [...recordsOf('one:a', 1_000), ...recordsOf('two:b', 1_002)];
      const subject = (id: string, who: string | null): JournalSubject => ({
        id,
        actor: 'person:1',
        name: who,
        address: null,
        agent: null,
        at: 1,
      });
      await store.append(records, [subject('s', 'Ada'), subject('t', null)]);

      const versions: (ConfigVersion | undefined)[] = [];
      for (let after: string | undefined; ;) {
        const page = await store.page({ actions: VERSION_ACTIONS, outcome: 'done', limit: 3, after });
        versions.push(...page.entries.map(versionOf));
        if (page.next === null) break;
        after = page.next;
      }
      const raw = await Promise.all(['one:a', 'two:b'].map((chain) => store.read(chain, 0, 1_000)));
      const rebuilt = foldConfigVersions(
        raw.flatMap((part) => part.records),
        raw.flatMap((part) => part.subjects),
      );
      expect(rebuilt).toHaveLength(6);
      expect(versions.filter((version) => version !== undefined)).toEqual(rebuilt);
    });

    it('have their texts kept once, by what the hash begins with', async () => {
      const { texts } = await make();
      const text = 'a: "ü 🦊"\r\n# %_\n';
      const hash = hashOf(text);
      expect(await texts.find(versionIdOf(hash))).toBeNull();
      await texts.put(hash, text, 1);
      await texts.put(hash, text, 2);
      expect(await texts.find(versionIdOf(hash))).toBe(text);
      expect(await texts.find(hash)).toBe(text);
    });

    it('lose the texts that ran longest ago, past a number and past a size', async () => {
      const { texts } = await make();
      const put = async (text: string, at: number): Promise<void> => texts.put(hashOf(text), text, at);
      const kept = async (...list: string[]): Promise<boolean[]> =>
        Promise.all(list.map(async (text) => (await texts.find(hashOf(text))) !== null));
      await put('one', 1);
      await put('two', 2);
      await put('three', 3);
      expect(await kept('one', 'two', 'three')).toEqual([true, true, true]);
      await put('one', 4);
      await put('four', 5);
      expect(await kept('one', 'two', 'three', 'four')).toEqual([true, false, true, true]);
      const half = 'x'.repeat(BOUNDS.bytes - 'four'.length);
      await put(half, 6);
      expect(await kept('four', half, 'one')).toEqual([true, true, false]);
      // The newest stays, whatever its size.
      await put('y'.repeat(BOUNDS.bytes + 1), 7);
      expect(await kept('y'.repeat(BOUNDS.bytes + 1), half)).toEqual([true, false]);
    });
  });
}
