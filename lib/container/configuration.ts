import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sampleConfig } from '../../sample/service.ts';
import { startSample, type Sample } from '../../sample/thread.ts';
import type { Environment } from '../config/environment.ts';
import { resolveConfig, upstreamConfig } from '../config/resolve.ts';
import { watchConfig, type ConfigWatch } from '../config/watch.ts';
import { loadConfig, parseConfig } from '../config/yaml-file.ts';
import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { createEvents, type Events } from '../kernel/events.ts';
import type { Logger } from '../kernel/logger.ts';

/** What the gateway starts with, and where it came from. */
export interface Configuration {
  readonly source: Source;
  readonly config: Config;
  /** The bundled origin; only where there's neither an upstream nor a file. */
  readonly sample: Sample | undefined;
  /** The file's text; only where there's a file. */
  readonly text: string | undefined;
}

/**
 * Reads the configuration that `environment` asks for: a file, one upstream, or the bundled sample origin,
 * which is then started. Rejects with `config_invalid`, one message that names every fault.
 */
export async function openConfiguration(environment: Environment, logger: Logger): Promise<Configuration> {
  const { configFile, upstream, cacheTtl } = environment;
  if (configFile !== undefined) {
    const file = resolve(configFile);
    return { source: { kind: 'file', file }, ...loadConfig(file, cacheTtl), sample: undefined };
  }
  if (upstream !== undefined) {
    const config = upstreamConfig(upstream, cacheTtl);
    return { source: { kind: 'upstream', url: upstream }, config, sample: undefined, text: undefined };
  }
  const sample = await startSample({
    onExit: (reason) => logger.error(`The sample origin ended: ${reason}. Start Pitwall again to have it back.`),
  });
  const config = resolveConfig(sampleConfig(sample.originUrl), { cacheTtl, readFile, sample: true });
  return { source: { kind: 'sample' }, config, sample, text: undefined };
}

/** What became of a new version of the configuration. */
export type ConfigurationEvent =
  | { readonly type: 'taken'; readonly before: Config; readonly config: Config }
  | { readonly type: 'refused'; readonly why: string };

/** The configuration that runs now. */
export interface RunningConfiguration {
  readonly events: Events<ConfigurationEvent>;
  config(): Config;
  /** Where it came from. */
  source(): Source;
  /** Why the newest one was refused; null when the running one is the newest. */
  error(): string | null;
  /** Lets another one run, from here on; rejects with what `configure` said, and the old one runs on. */
  adopt(next: Config, source: Source): Promise<void>;
  close(): void;
}

/**
 * Keeps the running configuration: follows its file, if there is one, and hands each new valid version to
 * `configure`. A version that is invalid, or that `configure` refuses, leaves the old one running, loudly.
 */
export function keepConfiguration(
  { source: firstSource, config: first, text }: Configuration,
  options: {
    readonly cacheTtl: number;
    readonly configure: (config: Config) => Promise<void>;
    readonly logger: Logger;
  },
): RunningConfiguration {
  const { cacheTtl, configure, logger } = options;
  const events = createEvents<ConfigurationEvent>();
  let config = first;
  let source = firstSource;
  let error: string | null = null;
  let watch: ConfigWatch | undefined;
  /** One after another, so that the newest has the last word. */
  let order = Promise.resolve();

  function refuse(message: string): void {
    error = message;
    logger.error(`The new configuration is refused, the old one runs on. ${message}`);
    events.emit({ type: 'refused', why: message });
  }

  async function take(next: Config): Promise<void> {
    await configure(next);
    const before = config;
    config = next;
    error = null;
    events.emit({ type: 'taken', before, config: next });
    logger.info('The new configuration runs.', { services: next.services.map(({ name }) => name) });
  }

  async function takeOrRefuse(next: Config): Promise<void> {
    try {
      await take(next);
    } catch (thrown) {
      refuse(asPitwallError(thrown).message);
    }
  }

  if (firstSource.kind === 'file' && text !== undefined) {
    watch = watchConfig({
      file: firstSource.file,
      text,
      load: (newText) => parseConfig(newText, firstSource.file, { cacheTtl, readFile }),
      onChange: (next) => void (order = order.then(() => takeOrRefuse(next))),
      onError: (message) => void (order = order.then(() => refuse(message))),
    });
  }
  return {
    events,
    config: () => config,
    source: () => source,
    error: () => error,
    async adopt(next, from) {
      const taken = order.then(() => take(next));
      order = taken.catch(() => undefined);
      await taken;
      source = from;
    },
    close: () => watch?.close(),
  };
}

const readFile = (path: string): string => readFileSync(path, 'utf8');
