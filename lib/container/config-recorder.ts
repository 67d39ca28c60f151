import { dirname } from 'node:path';
import { VERSION_ACTIONS, type ConfigVersion, type VersionNote } from '../contracts/config-versions.ts';
import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import type { ConfigTexts } from '../journal/config-texts.ts';
import { versionOf } from '../journal/config-version.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, isPitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import { differenceOf } from './config-difference.ts';
import { hidden, readConfigApart, type HiddenText } from './config-reader.ts';
import type { RunningConfiguration } from './configuration.ts';
import type { JournalVerbs } from './journal.ts';

/** Between two tries while the database is away, ms. */
const RETRY_MS = 5_000;

export interface ConfigRecorderOptions {
  readonly running: Pick<RunningConfiguration, 'config' | 'text' | 'source' | 'events'>;
  /** Where files are looked for that a configuration made in the console names. */
  readonly folder: string;
  readonly cacheTtl: number;
  readonly texts: ConfigTexts;
  readonly journal: Pick<JournalVerbs, 'command' | 'page'>;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
}

/** Notes which configurations came to run, whoever brought them. */
export interface ConfigRecorder {
  /** Of what runs, made once for each text. */
  running(): HiddenText;
  /**
   * Notes the text of what has come to run. Resolves when it's kept, or is going to be when the database is back. Never
   * rejects. @param raw the same with its secrets
   */
  keep(text: HiddenText, raw: string): Promise<void>;
  /** Resolves when what is noted by itself is noted so far. */
  settled(): Promise<void>;
  close(): void;
}

/** The newest version that the journal knows; null where there is none. Rejects with `storage_unavailable`. */
export async function newestVersion(journal: Pick<JournalVerbs, 'page'>): Promise<ConfigVersion | null> {
  const { entries } = await journal.page({ actions: VERSION_ACTIONS, outcome: 'done', limit: 10 });
  return entries.map(versionOf).find((version) => version !== undefined) ?? null;
}

/** What came to run where nothing of one's own did before. */
export const firstWords = (config: Config): string => differenceOf({ ...config, services: [] }, config).words;

/** What ran at one moment. */
interface Moment {
  readonly way: 'start' | 'file';
  readonly source: Source;
  readonly config: Config;
  readonly raw: string;
  /** What it changed; undefined where that isn't known. */
  readonly words: string | undefined;
}

/** Has a token's form, and is none. */
const NO_TOKEN = '-'.repeat(16);

export function createConfigRecorder(options: ConfigRecorderOptions): ConfigRecorder {
  const { running, folder, cacheTtl, texts, journal, clock, after, logger } = options;
  let known: { readonly raw: string; readonly hidden: HiddenText } | undefined;
  /** One after another, so that each finds the one before. */
  let order: Promise<void> = Promise.resolve();
  let closed = false;
  const cancels = new Set<() => void>();

  function hiddenOf(raw: string): HiddenText {
    if (known?.raw !== raw) known = { raw, hidden: hidden(raw) };
    return known.hidden;
  }

  /** Until it works, while the process runs. Resolves after the first try. */
  async function insist(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (closed) return;
      if (!isPitwallError(error) || error.code !== 'storage_unavailable')
        return logger.error(`${what}: ${asPitwallError(error).message}`);
      const cancel = after(RETRY_MS, () => {
        cancels.delete(cancel);
        void insist(what, work);
      });
      cancels.add(cancel);
    }
  }

  const keep = ({ hash, text }: HiddenText): Promise<void> =>
    insist('The text of a configuration can’t be kept', () => texts.put(hash, text, clock.wall()));

  /** What differs from the version that ran before this start. */
  async function wordsSince(previous: string | null, { source, config }: Moment): Promise<string> {
    const before = previous === null ? null : await texts.find(previous);
    if (before === null) return firstWords(config);
    const read = await readConfigApart({
      yaml: before,
      folder: source.kind === 'file' ? dirname(source.file) : folder,
      cacheTtl,
      // Secrets are no part of a version: with those that run, it can be read.
      token: config.gateway.explainToken ?? NO_TOKEN,
    });
    if ('faults' in read) return 'What ran before can’t be read any more, so nothing is compared.';
    const { explainToken } = config.gateway;
    return differenceOf({ ...read.config, gateway: { ...read.config.gateway, explainToken } }, config).words;
  }

  async function note(moment: Moment): Promise<void> {
    const { way, source, raw } = moment;
    const ran = hiddenOf(raw);
    const previous = (await newestVersion(journal))?.id ?? null;
    if (previous === ran.id) return keep(ran);
    const words = moment.words ?? (await wordsSince(previous, moment));
    const made: VersionNote = { version: ran.id, previous, way, source, words };
    const about = { actor: 'engine', who: null, from: { address: null, agent: null }, requestId: null } as const;
    const asked = { ...about, action: 'takeConfig', target: null, before: null, after: null };
    await journal.command(
      asked,
      () => keep(ran),
      () => made,
    );
  }

  function noteInOrder(way: Moment['way'], words?: string): void {
    const source = running.source();
    if (source.kind === 'sample') return;
    const moment = { way, source, config: running.config(), raw: running.text(), words };
    order = order.then(() => insist('A version of the configuration can’t be noted', () => note(moment)));
  }

  noteInOrder('start');
  const end = running.events.on((event) => {
    if (event.type !== 'taken' || running.source().kind !== 'file') return;
    noteInOrder('file', differenceOf(event.before, event.config).words);
  });

  return {
    running: () => hiddenOf(running.text()),
    keep(text, raw) {
      known = { raw, hidden: text };
      return keep(text);
    },
    settled: () => order,
    close() {
      closed = true;
      end();
      for (const cancel of cancels) cancel();
    },
  };
}
