import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseLocation } from './location.ts';

export type DatabaseProvider = DatabaseLocation['provider'];

/** One step of the database's form, as it's committed under prisma/. */
export interface Migration {
  /** As Prisma names them: a time and a word. */
  readonly name: string;
  /** SQL that takes the step. */
  readonly up: string;
  /** SQL that takes it back, its line in _prisma_migrations included. */
  readonly down: string;
  /** SHA-256 of the bytes of `up`, in hex: what Prisma's command line keeps. */
  readonly checksum: string;
}

const NAME = /^\d{14}_[a-z0-9_]+$/;

/** The migrations of one provider, oldest first. Throws where a folder lacks one of its two scripts. */
export function readMigrations(provider: DatabaseProvider): Migration[] {
  const folder = join(import.meta.dirname, '..', '..', '..', 'prisma', provider, 'migrations');
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => {
      const up = readFileSync(join(folder, name, 'migration.sql'));
      return {
        name,
        up: up.toString('utf8'),
        down: readFileSync(join(folder, name, 'down.sql'), 'utf8'),
        checksum: createHash('sha256').update(up).digest('hex'),
      };
    });
}
