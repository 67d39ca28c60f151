import { join, resolve } from 'node:path';
import { PitwallError } from '../../kernel/errors.ts';

export type DatabaseLocation =
  { readonly provider: 'sqlite'; readonly file: string } | { readonly provider: 'postgresql'; readonly url: string };

/** The database's file in the data directory, unless DATABASE_URL says otherwise. */
const FILE_NAME = 'pitwall.db';

const invalid = (fault: string): PitwallError => new PitwallError('config_invalid', `DATABASE_URL: ${fault}`);

/**
 * Where jobs and later history are kept.
 *
 * @param url DATABASE_URL: `file:…` or `sqlite:…` (relative to the working directory), `postgresql://…`; undefined = the default
 * @param directory the data directory
 * @throws PitwallError `config_invalid`, one sentence that never quotes the URL: it may hold a password
 */
export function parseDatabaseUrl(url: string | undefined, directory: string): DatabaseLocation {
  if (url === undefined || url === '') return { provider: 'sqlite', file: resolve(join(directory, FILE_NAME)) };
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  if (scheme === 'file' || scheme === 'sqlite') return { provider: 'sqlite', file: sqliteFile(rest) };
  if (scheme === 'postgresql' || scheme === 'postgres') return { provider: 'postgresql', url: postgresUrl(url) };
  throw invalid('expected file:PATH, sqlite:PATH or postgresql://HOST/DATABASE');
}

/** Takes `PATH`, `/PATH`, and what URL writers make of the latter: `//PATH`, `///PATH`. */
function sqliteFile(rest: string): string {
  const path = rest.replace(/^\/+(?=\/)/, '');
  if (path === '' || path.includes('\0') || path.startsWith(':memory:') || path.includes('?')) {
    throw invalid("expected the path of a file after file: or sqlite:, without '?'");
  }
  return resolve(path);
}

function postgresUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '' || parsed.pathname.length < 2) {
    throw invalid('expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE');
  }
  const schema = parsed.searchParams.get('schema');
  if (schema !== null && schema !== 'public') throw invalid('only the schema "public" can be used');
  parsed.searchParams.delete('schema');
  return parsed.href;
}
