import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { configInvalid } from './faults.ts';

/** In the data directory. */
const FILE_NAME = 'secret';
/** Characters; 256 bits in base64url are 43. */
const LEAST = 32;

/**
 * What sessions and the journal are signed with: as given, else made at the first start and kept in the data directory,
 * readable by its owner alone.
 * @throws PitwallError `config_invalid` for a file that isn't one
 */
export function readSecret(given: string | undefined, dataDir: string): string {
  return findSecret(given, dataDir) ?? make(join(dataDir, FILE_NAME));
}

/** The same where there is one already. @throws PitwallError `config_invalid` for a file that isn't one */
export function findSecret(given: string | undefined, dataDir: string): string | undefined {
  return given ?? read(join(dataDir, FILE_NAME));
}

function read(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw configInvalid('The secret', [`${file} can't be read (${String(error)})`]);
  }
  if (text.length >= LEAST) return text;
  throw configInvalid('The secret', [
    `${file} has fewer than ${LEAST} characters: restore it, or remove it to end all sessions`,
  ]);
}

/** Whole or not at all, whoever else starts on the directory, and whenever the power goes. */
function make(file: string): string {
  const secret = randomBytes(32).toString('base64url');
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
    linkSync(draft, file);
    return secret;
  } catch (error) {
    const other = read(file);
    if (other === undefined) throw error;
    return other;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}
