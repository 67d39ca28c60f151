import { checkYaml } from '../config/yaml-file.ts';
import { VERSION_ACTIONS, type ConfigVersion, type VersionNote } from '../contracts/config-versions.ts';
import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import type { ConfigTexts } from '../journal/config-texts.ts';
import { hashOf, versionIdOf, versionOf } from '../journal/config-version.ts';
import { fillSecrets, hideSecrets } from '../journal/yaml-secrets.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, isPitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import { differenceOf } from './config-difference.ts';
import type { RunningConfiguration } from './configuration.ts';
import type { JournalVerbs } from './journal.ts';

/** Between two tries while the database is away, ms. */
const RETRY_MS = 5_000;

/** A text without its secrets, and what it's known by. */
export interface HiddenText {
  readonly text: string;
  readonly hash: string;
  readonly id: string;
}

export function hidden(text: string): HiddenText {
  const without = hideSecrets(text);
  const hash = hashOf(without);
  return { text: without, hash, id: versionIdOf(hash) };
}

export interface ConfigRecorderOptions {
  readonly running: Pick<RunningConfiguration, 'config' | 'text' | 'source' | 'events'>;
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
  /** Resolves when the text is kept, or is going to be when the database is back. Never rejects. */
  keep(text: HiddenText): Promise<void>;
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

export function createConfigRecorder(options: ConfigRecorderOptions): ConfigRecorder {
  const { running, texts, journal, clock, after, logger } = options;
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

  /** What the newest version differs in from what runs. */
  async function wordsSince(previous: string | null, now: Config, raw: string): Promise<string> {
    const before = previous === null ? null : await texts.find(previous);
    if (before === null) return firstWords(now);
    // Secrets are no part of a version: with those that run, it can be read.
    const filled = fillSecrets(before, now.gateway.explainToken);
    const checked =
      'text' in filled ? checkYaml(filled.text, '.', { cacheTtl: 0, readFile: () => CERTIFICATE }) : filled;
    const current = checkYaml(raw, '.', { cacheTtl: 0, readFile: () => CERTIFICATE });
    return 'config' in checked && 'config' in current
      ? differenceOf(checked.config, current.config).words
      : firstWords(now);
  }

  /** What runs at one moment. */
  interface Moment {
    readonly way: 'start' | 'file';
    readonly source: Source;
    readonly config: Config;
    readonly raw: string;
  }

  async function note({ way, source, config, raw }: Moment): Promise<void> {
    const ran = hiddenOf(raw);
    const previous = (await newestVersion(journal))?.id ?? null;
    if (previous === ran.id) return keep(ran);
    const words = await wordsSince(previous, config, raw);
    const made: VersionNote = { version: ran.id, previous, way, source, words };
    const about = { actor: 'engine', who: null, from: { address: null, agent: null }, requestId: null } as const;
    const asked = { ...about, action: 'takeConfig', target: null, before: null, after: null };
    await journal.command(
      asked,
      () => keep(ran),
      () => made,
    );
  }

  function noteInOrder(way: Moment['way']): void {
    const source = running.source();
    if (source.kind === 'sample') return;
    const moment = { way, source, config: running.config(), raw: running.text() };
    order = order.then(() => insist('A version of the configuration can’t be noted', () => note(moment)));
  }

  noteInOrder('start');
  const end = running.events.on((event) => {
    if (event.type === 'taken' && running.source().kind === 'file') noteInOrder('file');
  });

  return {
    running: () => hiddenOf(running.text()),
    keep,
    settled: () => order,
    close() {
      closed = true;
      end();
      for (const cancel of cancels) cancel();
    },
  };
}

/** Stands for files that a version names: what is in them is no part of it. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
