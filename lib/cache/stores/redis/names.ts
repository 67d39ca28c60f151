import { hash } from 'node:crypto';
import { isExtended, urlOf } from '../../entry-key.ts';

/** Characters of a variant's id. */
const ID_LENGTH = 22;
const NO_VARY = '[[],[]]';

/** Where what is stored under a primary key lies in Redis; all names of a URL share a cluster slot. */
export interface PrimaryNames {
  /** The entry itself where it doesn't vary, else the index of its variants. */
  readonly primary: string;
  /** The set of the URL's extended keys. */
  readonly siblings: string;
  /** What names this key in that set; '' for a plain key. */
  readonly member: string;
  /** Starts the name of every key's `primary` under the URL. */
  readonly base: string;
}

/** @param prefix without braces: they decide the slot */
export function namesOf(prefix: string, key: string, url = urlOf(key)): PrimaryNames {
  const base = `${prefix}l3:{${digest(url)}}:`;
  const member = digest(key);
  return { primary: base + member, siblings: `${base}keys`, member: isExtended(key) ? member : '', base };
}

/** The name of one variant of a key that varies. */
export function variantName({ primary }: PrimaryNames, id: string): string {
  return `${primary}:${id}`;
}

/** What an index says of a variant. */
export function describeVariant(vary: readonly string[], varyValues: readonly string[]): string {
  return JSON.stringify([vary, varyValues]);
}

export function variantId(description: string): string {
  return digest(description).slice(0, ID_LENGTH);
}

/** The variant of a response that doesn't vary. */
export function plainId(): string {
  return variantId(NO_VARY);
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
