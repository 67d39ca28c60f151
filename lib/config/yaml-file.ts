import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Config } from '../contracts/policy.ts';
import { PitwallError } from '../kernel/errors.ts';
import { configInvalid, formatPath } from './faults.ts';
import { checkConfig, type ResolveOptions } from './resolve.ts';
import { locate } from './yaml-location.ts';

const MAX_BYTES = 1_048_576;
/** Uses of one anchor, multiplied by those inside it; more is a bomb, not a configuration. */
const MAX_ALIAS_COUNT = 1_000;

const PLAIN: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'expected one document; "---" starts another one',
  DUPLICATE_KEY: 'this setting stands there twice',
  TAB_AS_INDENT: 'tabs may not indent; use spaces',
};

interface Line {
  readonly offset: number;
  readonly text: string;
}

function fail(fileName: string, lines: readonly Line[], counter: LineCounter): PitwallError {
  const sorted = [...lines].sort((a, b) => a.offset - b.offset);
  return configInvalid(
    fileName,
    sorted.map(({ offset, text }) => {
      const { line, col } = counter.linePos(offset);
      return `${fileName}:${line}:${col} ${text}`;
    }),
  );
}

/**
 * A configuration from the text of a YAML file. Files that it names (`ca`) are looked for beside it.
 * @param fileName as the messages shall name it
 * @throws PitwallError `config_invalid`, one message with every fault as
 *   `file.yaml:12:5 services[0].routes[1].policy.ttl: expected a duration such as 30s`
 */
export function parseConfig(text: string, fileName: string, options: ResolveOptions): Config {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new PitwallError('config_invalid', `${fileName} is larger than 1 MiB, the most a configuration may have.`);
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true, logLevel: 'error' });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const lines = broken.map((error) => ({
      offset: error.pos[0],
      text: `YAML: ${PLAIN[error.code] ?? error.message}`,
    }));
    throw fail(fileName, lines, counter);
  }
  let input: unknown;
  try {
    input = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    const bomb = error instanceof Error && error.message.startsWith('Excessive alias count');
    const said = error instanceof Error ? error.message : String(error);
    const message = bomb ? `aliases stand for more than ${MAX_ALIAS_COUNT} copies` : said;
    throw fail(fileName, [{ offset: 0, text: `YAML: ${message}` }], counter);
  }
  const readFile = (path: string): string => options.readFile(resolve(dirname(fileName), path));
  const checked = checkConfig(input, { ...options, readFile });
  if ('config' in checked) return checked.config;
  const lines = checked.faults.map(({ path, message }) => ({
    offset: locate(document, path),
    text: `${formatPath(path) || 'the whole file'}: ${message}`,
  }));
  throw fail(fileName, lines, counter);
}

/**
 * Reads and parses a configuration file.
 * @param cacheTtl the default policy's TTL, ms
 * @returns the text too: a watcher starts from it
 * @throws PitwallError `config_invalid`; one sentence when the file can't be read
 */
export function loadConfig(file: string, cacheTtl: number): { readonly config: Config; readonly text: string } {
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const why = code === 'ENOENT' ? 'there is no such file' : code;
    throw new PitwallError('config_invalid', `The configuration ${file} can't be read: ${why}.`, { cause: error });
  }
  return { config: parseConfig(text, file, { cacheTtl, readFile }), text };
}
