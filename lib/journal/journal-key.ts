import { hkdfSync } from 'node:crypto';

/** The key of every chain, out of the secret of this Pitwall. */
export function journalKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'pitwall journal', 32));
}
