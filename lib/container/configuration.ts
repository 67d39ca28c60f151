import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sampleConfig } from '../../sample/service.ts';
import { startSample, type Sample } from '../../sample/thread.ts';
import type { Environment } from '../config/environment.ts';
import { resolveConfig, upstreamConfig } from '../config/resolve.ts';
import { parseConfig } from '../config/yaml-file.ts';
import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';

/** What the gateway starts with, and where it came from. */
export interface Configuration {
  readonly source: Source;
  readonly config: Config;
  /** The bundled origin; only where there's neither an upstream nor a file. */
  readonly sample: Sample | undefined;
}

/**
 * Reads the configuration that `environment` asks for: a file, one upstream, or the bundled sample origin,
 * which is then started. Rejects with `config_invalid`, one message that names every fault.
 */
export async function openConfiguration(environment: Environment, logger: Logger): Promise<Configuration> {
  const { configFile, upstream, cacheTtl } = environment;
  if (configFile !== undefined) {
    const file = resolve(configFile);
    return { source: { kind: 'file', file }, config: loadConfigFile(file, cacheTtl), sample: undefined };
  }
  if (upstream !== undefined) {
    return {
      source: { kind: 'upstream', url: upstream },
      config: upstreamConfig(upstream, cacheTtl),
      sample: undefined,
    };
  }
  const sample = await startSample({
    onExit: (reason) => logger.error(`The sample origin ended: ${reason}. Start Pitwall again to have it back.`),
  });
  const config = resolveConfig(sampleConfig(sample.originUrl), { cacheTtl, readFile, sample: true });
  return { source: { kind: 'sample' }, config, sample };
}

/** Reads and checks a configuration file. Throws `config_invalid`. */
export function loadConfigFile(file: string, cacheTtl: number): Config {
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PitwallError('config_invalid', `The configuration file ${file} can't be read (${code}).`, {
      cause: error,
    });
  }
  return parseConfig(text, file, { cacheTtl, readFile });
}

const readFile = (path: string): string => readFileSync(path, 'utf8');
