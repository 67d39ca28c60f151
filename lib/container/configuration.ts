import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { sampleConfig } from '../../sample/service.ts';
import { startSample, type Sample } from '../../sample/thread.ts';
import type { Environment } from '../config/environment.ts';
import { keptFile } from '../config/kept-file.ts';
import { readNamedFile } from '../config/named-file.ts';
import { resolveConfig, upstreamConfig, upstreamInput } from '../config/resolve.ts';
import { watchConfig, type ConfigWatch } from '../config/watch.ts';
import { loadConfig, parseConfig } from '../config/yaml-file.ts';
import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { createEvents, type Events } from '../kernel/events.ts';
import type { Logger } from '../kernel/logger.ts';

/** What the gateway starts with, and where it came from. */
export interface Configuration {
  readonly source: Source;
  readonly config: Config;
  /** The bundled origin; only where there's neither an upstream nor a file. */
  readonly sample: Sample | undefined;
  /** In YAML, as its author wrote it, if somebody did. */
  readonly text: string;
}

/**
 * Reads the configuration that `environment` asks for: a file, one upstream, what the console kept of a
 * configuration made there, or the bundled sample origin, which is then started. Rejects with `config_invalid`, one message that names every fault.
 */
export async function openConfiguration(environment: Environment, logger: Logger): Promise<Configuration> {
  const { configFile, upstream, cacheTtl } = environment;
  if (configFile !== undefined) {
    const file = resolve(configFile);
    return { source: { kind: 'file', file }, ...loadConfig(file, cacheTtl), sample: undefined };
  }
  if (upstream !== undefined) {
    const config = upstreamConfig(upstream, cacheTtl);
    const text = stringify(upstreamInput(upstream));
    return { source: { kind: 'upstream', url: upstream }, config, sample: undefined, text };
  }
  const kept = keptFile(resolve(environment.dataDir));
  if (existsSync(kept)) return { source: { kind: 'console' }, ...loadKept(kept, cacheTtl), sample: undefined };
  const sample = await startSample({
    onExit: (reason) => logger.error(`The sample origin ended: ${reason}. Start Pitwall again to have it back.`),
  });
  const input = sampleConfig(sample.originUrl);
  const config = resolveConfig(input, { cacheTtl, readFile: readNamedFile, sample: true });
  return { source: { kind: 'sample' }, config, sample, text: stringify(input) };
}

function loadKept(file: string, cacheTtl: number): { readonly config: Config; readonly text: string } {
  try {
    return loadConfig(file, cacheTtl);
  } catch (error) {
    const { message } = asPitwallError(error);
    const way = 'The console kept it there. Mend it, or move it away: Pitwall starts with the sample then.';
    throw new PitwallError('config_invalid', `${message}\n${way}`, { cause: error });
  }
}

/** What became of a new version of the configuration. */
export type ConfigurationEvent =
  | { readonly type: 'taken'; readonly before: Config; readonly config: Config }
  | { readonly type: 'refused'; readonly why: string };

/** The configuration that runs now. */
export interface RunningConfiguration {
  readonly events: Events<ConfigurationEvent>;
  config(): Config;
  /** In YAML, secrets included. */
  text(): string;
  /** Where it came from. */
  source(): Source;
  /** Why the newest one was refused; null when the running one is the newest. */
  error(): string | null;
  /** Lets another one run, from here on; rejects with what `configure` said, and the old one runs on. */
  adopt(next: Config, source: Source, text: string): Promise<void>;
  close(): void;
}

/**
 * Keeps the running configuration: follows its file, if there is one, and hands each new valid version to
 * `configure`. A version that is invalid, or that `configure` refuses, leaves the old one running, loudly.
 */
export function keepConfiguration(
  { source: firstSource, config: first, text: firstText }: Configuration,
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
  let text = firstText;
  let error: string | null = null;
  let watch: ConfigWatch | undefined;
  /** One after another, so that the newest has the last word. */
  let order = Promise.resolve();

  function refuse(message: string): void {
    error = message;
    logger.error(`The new configuration is refused, the old one runs on. ${message}`);
    events.emit({ type: 'refused', why: message });
  }

  async function take(next: Config, from: Source, newText: string): Promise<void> {
    await configure(next);
    const before = config;
    config = next;
    source = from;
    text = newText;
    error = null;
    events.emit({ type: 'taken', before, config: next });
    logger.info('The new configuration runs.', { services: next.services.map(({ name }) => name) });
  }

  async function takeOrRefuse(next: Config, newText: string): Promise<void> {
    try {
      await take(next, firstSource, newText);
    } catch (thrown) {
      refuse(asPitwallError(thrown).message);
    }
  }

  if (firstSource.kind === 'file') {
    watch = watchConfig({
      file: firstSource.file,
      text: firstText,
      load: (newText) => parseConfig(newText, firstSource.file, { cacheTtl, readFile: readNamedFile }),
      onChange: (next, newText) => void (order = order.then(() => takeOrRefuse(next, newText))),
      onError: (message) => void (order = order.then(() => refuse(message))),
    });
  }
  return {
    events,
    config: () => config,
    text: () => text,
    source: () => source,
    error: () => error,
    async adopt(next, from, newText) {
      const taken = order.then(() => take(next, from, newText));
      order = taken.catch(() => undefined);
      await taken;
    },
    close: () => watch?.close(),
  };
}
