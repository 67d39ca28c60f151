import { Worker } from 'node:worker_threads';
import { readNamedFile } from '../config/named-file.ts';
import { checkYaml } from '../config/yaml-file.ts';
import type { ConfigFault } from '../contracts/config-versions.ts';
import type { Config } from '../contracts/policy.ts';
import { hashOf, versionIdOf } from '../journal/config-version.ts';
import { fillSecrets, hideSecrets } from '../journal/yaml-secrets.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';

/** Longest that a text is read, ms: 1 MiB takes seconds. */
const DEADLINE_MS = 30_000;

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

export interface ConfigQuestion {
  readonly yaml: string;
  /** Where the files are looked for that it names. */
  readonly folder: string;
  readonly cacheTtl: number;
  /** The gateway.explainToken that runs. */
  readonly token: string | undefined;
}

export type ReadConfig =
  | { readonly config: Config; /** With its secrets. */ readonly text: string; readonly hidden: HiddenText }
  | { readonly faults: readonly ConfigFault[] };

/** A configuration that somebody hands in, with the secrets that run; or what is wrong with it. */
export function readConfig({ yaml, folder, cacheTtl, token }: ConfigQuestion): ReadConfig {
  const filled = fillSecrets(yaml, token);
  const options = { cacheTtl, readFile: readNamedFile };
  if ('text' in filled) {
    const { text } = filled;
    const checked = checkYaml(text, folder, options);
    return 'config' in checked ? { ...checked, text, hidden: hidden(text) } : checked;
  }
  const checked = checkYaml(yaml, folder, options);
  // The hidden secret breaks the setting's form as well: one fault is enough.
  const others = 'config' in checked ? [] : checked.faults.filter(({ path }) => path !== filled.fault.path);
  return { faults: [filled.fault, ...others].sort((a, b) => a.line - b.line) };
}

/**
 * The same in a thread of its own, so that a large text holds up nobody but who handed it in. Rejects with
 * `validation_failed` where it takes too long.
 */
export async function readConfigApart(question: ConfigQuestion): Promise<ReadConfig> {
  const worker = new Worker(new URL('./config-reader-worker.ts', import.meta.url), {
    name: 'pitwall-config-reader',
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ReadConfig>();
  const late = (): void => reject(new PitwallError('validation_failed', 'Reading that took more than 30 s.'));
  const timer = setTimeout(late, DEADLINE_MS);
  worker.once('message', resolve);
  worker.once('error', (error) => reject(asPitwallError(error)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    void worker.terminate();
  }
}
