import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { draftKept, keptFile } from '../config/kept-file.ts';
import { diffTexts } from '../config/text-diff.ts';
import {
  VERSION_ACTIONS,
  type ConfigCheck,
  type ConfigFault,
  type ImportConfig,
  type RunningVersion,
  type VersionList,
  type VersionListQuery,
  type VersionNote,
  type VersionText,
} from '../contracts/config-versions.ts';
import type { Config } from '../contracts/policy.ts';
import type { ConfigTexts } from '../journal/config-texts.ts';
import { versionOf } from '../journal/config-version.ts';
import { PitwallError } from '../kernel/errors.ts';
import { differenceOf } from './config-difference.ts';
import { readConfigApart, type HiddenText, type ReadConfig } from './config-reader.ts';
import { firstWords, type ConfigRecorder } from './config-recorder.ts';
import type { GatewayPart } from './core.ts';
import type { Handover } from './handover.ts';
import type { JournalVerbs } from './journal.ts';

/** Most faults that are told at once. */
const MOST_FAULTS = 100;
/** Pages of the journal that are looked through for a version. */
const MOST_PAGES = 20;
const PAGE = 200;

/** The configuration as the console handles it: its versions, and bringing another one to run. */
export interface ConfigVerbs {
  /** Rejects with `storage_unavailable`. */
  configVersions(query: VersionListQuery): Promise<VersionList>;
  /** Rejects with `not_found` where a text isn't kept (any more). */
  configVersion(id: string, against?: string): Promise<VersionText>;
  /** What runs, without secrets. Throws `not_found` in a console without a gateway. */
  configYaml(): string;
  /** What is wrong with it, or what it would change; nothing is changed. Throws `not_found` as above. */
  checkConfig(yaml: string): Promise<ConfigCheck>;
  /**
   * Lets it run from now on, after a restart too. Rejects with `validation_failed` and every fault, with `conflict`
   * where it can't be changed here or now, and as the gateway does; then nothing is changed.
   */
  importConfig(asked: ImportConfig): Promise<VersionNote>;
  /** The same for the text of a version; and rejects with `not_found` as above. */
  restoreConfig(id: string): Promise<VersionNote>;
}

export interface ConfigVersionsOptions {
  readonly environment: Pick<Environment, 'configFile' | 'upstream' | 'dataDir' | 'cacheTtl'>;
  /** Undefined in a console alone, as the next. */
  readonly gateway: Pick<GatewayPart, 'running'> | undefined;
  readonly recorder: ConfigRecorder | undefined;
  readonly handover: Handover;
  readonly trials: { readonly active: boolean };
  /** Whether other processes take part in the fleet. */
  readonly others: () => boolean;
  readonly texts: ConfigTexts;
  readonly journal: Pick<JournalVerbs, 'page'>;
}

export function createConfigVersions(options: ConfigVersionsOptions): ConfigVerbs {
  const { environment, gateway, recorder, handover, trials, others, texts, journal } = options;
  const folder = resolve(environment.dataDir);

  /** Why it can't be changed here, or not now. */
  function whyNot(): string | null {
    if (gateway === undefined) return 'This console has no gateway of its own: change it where the gateways run.';
    if (environment.configFile !== undefined) {
      return `PITWALL_CONFIG names ${resolve(environment.configFile)}: change that file, and Pitwall takes it at once.`;
    }
    if (environment.upstream !== undefined) {
      return 'PITWALL_UPSTREAM says what runs: start without it to configure Pitwall here.';
    }
    if (others()) return 'Other instances share this fleet: give all of them a configuration file instead.';
    if (trials.active) return 'A service is being tried: end that first.';
    return null;
  }

  function present(): { readonly running: GatewayPart['running']; readonly ran: HiddenText } {
    if (gateway !== undefined && recorder !== undefined) return { running: gateway.running, ran: recorder.running() };
    throw new PitwallError('not_found', 'This console has no gateway of its own: ask one that has.');
  }

  function runningVersion(): RunningVersion | null {
    if (gateway === undefined || recorder === undefined) return null;
    return { id: recorder.running().id, source: gateway.running.source(), readOnly: whyNot() };
  }

  const read = (yaml: string): Promise<ReadConfig> =>
    readConfigApart({
      yaml,
      folder,
      cacheTtl: environment.cacheTtl,
      token: present().running.config().gateway.explainToken,
    });

  const idOfPrevious = (): string | null => {
    const { running, ran } = present();
    return running.source().kind === 'sample' ? null : ran.id;
  };

  function wordsFor(config: Config): string {
    const { running } = present();
    return running.source().kind === 'sample' ? firstWords(config) : differenceOf(running.config(), config).words;
  }

  function sameBase(base: string | undefined): void {
    const { ran } = present();
    if (base === undefined || base === ran.id) return;
    throw new PitwallError(
      'conflict',
      `Meanwhile another configuration runs (${ran.id}): look at the difference again.`,
    );
  }

  let bringing = false;

  async function bring(yaml: string, way: 'import' | 'restore', base?: string): Promise<VersionNote> {
    if (bringing) throw new PitwallError('conflict', 'Another configuration is being taken just now.');
    bringing = true;
    try {
      sameBase(base);
      const found = await read(yaml);
      if ('faults' in found) throw new PitwallError('validation_failed', wordsOf(found.faults));
      const draft = await draftKept(keptFile(folder), found.text);
      try {
        return await take(found, way, base, () => draft.commit());
      } catch (error) {
        await draft.discard();
        throw error;
      }
    } finally {
      bringing = false;
    }
  }

  async function take(
    { config, text, hidden }: Exclude<ReadConfig, { faults: unknown }>,
    way: 'import' | 'restore',
    base: string | undefined,
    keep: () => Promise<void>,
  ): Promise<VersionNote> {
    // Again: reading took a while.
    changeable();
    sameBase(base);
    const source = { kind: 'console' } as const;
    const note = { version: hidden.id, previous: idOfPrevious(), way, source, words: wordsFor(config) };
    await handover.take({ config, source, text, keep });
    await handover.dismiss();
    await recorder?.keep(hidden, text);
    return note;
  }

  function changeable(): void {
    const why = whyNot();
    if (why !== null) throw new PitwallError('conflict', why);
  }

  async function kept(id: string): Promise<string> {
    const ran = recorder?.running();
    const text = id === ran?.id ? ran.text : await texts.find(id);
    if (text !== null) return text;
    throw new PitwallError('not_found', `No text is kept of a version ${id}.`);
  }

  /** What ran before it came to run, the last time that it did. */
  async function previousOf(id: string): Promise<string | null> {
    for (let page = 0, after: string | undefined; page < MOST_PAGES; page += 1) {
      const found = await journal.page({ actions: VERSION_ACTIONS, outcome: 'done', limit: PAGE, after });
      const version = found.entries.map(versionOf).find((each) => each?.id === id);
      if (version !== undefined) return version.previous;
      if (found.next === null) return null;
      after = found.next;
    }
    return null;
  }

  async function orNull<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof PitwallError && error.code === 'not_found') return null;
      throw error;
    }
  }

  return {
    async configVersions({ limit, after }) {
      await recorder?.settled();
      const { entries, next } = await journal.page({ actions: VERSION_ACTIONS, outcome: 'done', limit, after });
      const versions = entries.map(versionOf).filter((version) => version !== undefined);
      return { running: runningVersion(), versions, next };
    },
    async configVersion(id, against) {
      const yaml = await kept(id);
      if (against !== undefined) {
        const other = against === 'running' ? present().ran.id : against;
        return { id, yaml, against: other, diff: await diffTexts(await kept(other), yaml) };
      }
      const before = await previousOf(id);
      const text = before === null ? null : await orNull(kept(before));
      return {
        id,
        yaml,
        against: text === null ? null : before,
        diff: text === null ? null : await diffTexts(text, yaml),
      };
    },
    configYaml: () => present().ran.text,
    async checkConfig(yaml) {
      const { ran } = present();
      const found = await read(yaml);
      if ('faults' in found) {
        const faults = found.faults.slice(0, MOST_FAULTS);
        return { faults, version: null, base: ran.id, words: null, diff: null };
      }
      const diff = await diffTexts(ran.text, found.hidden.text);
      return { faults: [], version: found.hidden.id, base: ran.id, words: wordsFor(found.config), diff };
    },
    async importConfig({ yaml, base }) {
      changeable();
      return bring(yaml, 'import', base);
    },
    async restoreConfig(id) {
      changeable();
      if (id === present().ran.id) throw new PitwallError('conflict', `The version ${id} runs already.`);
      return bring(await kept(id), 'restore');
    },
  };
}

/** In one message, as the command line says it. */
function wordsOf(faults: readonly ConfigFault[]): string {
  const shown = faults
    .slice(0, MOST_FAULTS)
    .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  const more = faults.length > MOST_FAULTS ? [`and ${faults.length - MOST_FAULTS} more`] : [];
  return ['The configuration can’t run:', ...shown, ...more].join('\n');
}
