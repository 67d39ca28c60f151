import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Length of a key, bytes. */
export const KEY_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** Of a key's id, bytes. */
export const ID_BYTES = 8;

/** One key of L3, as what it is used for: none of its uses tells anything of another. */
export interface SealKey {
  /** Names the key, and tells nothing of it: ID_BYTES. */
  readonly id: Buffer;
  /** What stands for a text where it may not be read: the same for the same text, 43 characters. About 2 µs. */
  nameOf(text: string): string;
  /** The key of one entry alone. @param salt fresh and random */
  entryKey(salt: Buffer): Buffer;
  /** A short text, encrypted so that the same text under the same name comes out the same: it can be compared, not read. */
  hide(name: string, text: string): string;
  /** The text again; undefined where it wasn't hidden by this key under this name. */
  show(name: string, hidden: string): string | undefined;
}

/** @param secret KEY_BYTES */
export function createSealKey(secret: Uint8Array): SealKey {
  const derive = (use: string, length = KEY_BYTES): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `pitwall l3 ${use}`, length));
  const [names, entries, texts, nonces] = [derive('names'), derive('entries'), derive('texts'), derive('nonces')];
  return {
    id: derive('key id', ID_BYTES),
    nameOf: (text) => createHmac('sha256', names).update(text).digest('base64url'),
    entryKey: (salt) => createHmac('sha256', entries).update(salt).digest(),
    hide(name, text) {
      // Made of the text, so that no nonce comes twice with different texts (as in SIV).
      const nonce = createHmac('sha256', nonces).update(`${name}\n${text}`).digest().subarray(0, NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, texts, nonce).setAAD(Buffer.from(name));
      const hidden = [nonce, cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([...hidden, cipher.getAuthTag()]).toString('base64url');
    },
    show(name, hidden) {
      const bytes = Buffer.from(hidden, 'base64url');
      const [textAt, tagAt] = [NONCE_BYTES, bytes.length - TAG_BYTES];
      if (tagAt < textAt) return undefined;
      const decipher = createDecipheriv(CIPHER, texts, bytes.subarray(0, textAt), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(tagAt));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(textAt, tagAt)), decipher.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}
