import type { JournalRecord, JournalSubject } from '../../lib/journal/record.ts';

/** The versions that raw records tell of, newest first, made without a database or what the product makes them with. */
export function foldConfigVersions(records: readonly JournalRecord[], subjects: readonly JournalSubject[]): object[] {
  const versions: { at: number; chain: string; number: number; version: object }[] = [];
  for (const command of records) {
    if (command.kind !== 'command') continue;
    if (!['takeConfig', 'importConfig', 'restoreConfig'].includes(command.action)) continue;
    const end = records.find(
      ({ chain, kind, of }) => chain === command.chain && kind === 'outcome' && of === command.number,
    );
    if (end?.outcome !== 'done') continue;
    const { after } = JSON.parse(end.detail) as { after?: Record<string, unknown> };
    if (typeof after?.version !== 'string') continue;
    const { version: id, previous, way, source, words } = after;
    const who = subjects.find((subject) => subject.id === command.subject)?.name ?? null;
    const { at, chain, number, actor } = command;
    versions.push({ at, chain, number, version: { id, previous, way, source, words, at, actor, who } });
  }
  return versions
    .sort((a, b) => b.at - a.at || (a.chain < b.chain ? 1 : a.chain > b.chain ? -1 : b.number - a.number))
    .map(({ version }) => version);
}
