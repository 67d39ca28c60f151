import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Config } from '../contracts/policy.ts';
import { PitwallError } from '../kernel/errors.ts';
import { configInvalid, formatPath } from './faults.ts';
import { checkConfig, type ResolveOptions } from './resolve.ts';
import { readNamedFile } from './named-file.ts';
import { locate } from './yaml-location.ts';

const MAX_BYTES = 1_048_576;
const TOO_LARGE = 'is larger than 1 MiB, the most a configuration may have';
/** Uses of one anchor, multiplied by those inside it; more is a bomb, not a configuration. */
const MAX_ALIAS_COUNT = 1_000;

const PLAIN: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'expected one document; "---" starts another one',
  DUPLICATE_KEY: 'this setting stands there twice',
  TAB_AS_INDENT: 'tabs may not indent; use spaces',
};

/** One thing that is wrong, and where. */
export interface YamlFault {
  /** From 1, as the next. */
  readonly line: number;
  readonly column: number;
  /** The setting, such as services[0].mode. */
  readonly path: string;
  readonly message: string;
}

/**
 * A configuration of a YAML text, or everything that is wrong with it in the order of the text.
 * @param folder where the files are looked for that it names (`ca`)
 */
export function checkYaml(
  text: string,
  folder: string,
  options: ResolveOptions,
): { readonly config: Config } | { readonly faults: readonly YamlFault[] } {
  const counter = new LineCounter();
  const faultAt = (offset: number, path: string, message: string): YamlFault & { readonly offset: number } => {
    const { line, col } = counter.linePos(offset);
    return { offset, line, column: col, path, message };
  };
  const sorted = (faults: readonly (YamlFault & { readonly offset: number })[]): { faults: readonly YamlFault[] } => ({
    faults: [...faults]
      .sort((a, b) => a.offset - b.offset)
      .map(({ line, column, path, message }) => ({ line, column, path, message })),
  });

  if (isTooLarge(text)) {
    return { faults: [{ line: 1, column: 1, path: 'the whole file', message: TOO_LARGE }] };
  }
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true, logLevel: 'error' });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return sorted(broken.map((error) => faultAt(error.pos[0], 'YAML', PLAIN[error.code] ?? error.message)));
  }
  let input: unknown;
  try {
    input = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    const bomb = error instanceof Error && error.message.startsWith('Excessive alias count');
    const said = error instanceof Error ? error.message : String(error);
    return sorted([faultAt(0, 'YAML', bomb ? `aliases stand for more than ${MAX_ALIAS_COUNT} copies` : said)]);
  }
  const readFile = (path: string): string => options.readFile(resolve(folder, path));
  const checked = checkConfig(input, { ...options, readFile });
  if ('config' in checked) return checked;
  return sorted(
    checked.faults.map(({ path, message }) =>
      faultAt(locate(document, path), formatPath(path) || 'the whole file', message),
    ),
  );
}

const isTooLarge = (text: string): boolean => Buffer.byteLength(text) > MAX_BYTES;

/**
 * A configuration from the text of a YAML file. Files that it names (`ca`) are looked for beside it.
 * @param fileName as the messages shall name it
 * @throws PitwallError `config_invalid`, one message with every fault as
 *   `file.yaml:12:5 services[0].routes[1].policy.ttl: expected a duration such as 30s`
 */
export function parseConfig(text: string, fileName: string, options: ResolveOptions): Config {
  if (isTooLarge(text)) throw new PitwallError('config_invalid', `${fileName} ${TOO_LARGE}.`);
  const checked = checkYaml(text, dirname(fileName), options);
  if ('config' in checked) return checked.config;
  throw configInvalid(
    fileName,
    checked.faults.map(({ line, column, path, message }) => `${fileName}:${line}:${column} ${path}: ${message}`),
  );
}

/**
 * Reads and parses a configuration file.
 * @param cacheTtl the default policy's TTL, ms
 * @returns the text too: a watcher starts from it
 * @throws PitwallError `config_invalid`; one sentence when the file can't be read
 */
export function loadConfig(file: string, cacheTtl: number): { readonly config: Config; readonly text: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const why = code === 'ENOENT' ? 'there is no such file' : code;
    throw new PitwallError('config_invalid', `The configuration ${file} can't be read: ${why}.`, { cause: error });
  }
  return { config: parseConfig(text, file, { cacheTtl, readFile: readNamedFile }), text };
}
