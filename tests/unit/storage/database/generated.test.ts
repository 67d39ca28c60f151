import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/database.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

function contentOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());
  return new Map(
    files.map((item) => {
      const path = join(item.parentPath, item.name);
      return [path.slice(folder.length), readFileSync(path, 'utf8')];
    }),
  );
}

it('the committed clients are those of the schemas: if not, node scripts/prisma.mjs', async () => {
  const { folder, remove } = temporaryFolder();
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'prisma.mjs'), folder]);
  const committed = contentOf(join(root, 'lib', 'storage', 'database', 'generated'));
  expect(committed.size).toBeGreaterThan(10);
  expect(contentOf(folder)).toEqual(committed);
  remove();
}, 60_000);
