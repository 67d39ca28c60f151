#!/usr/bin/env node
// Writes the Prisma clients anew after a change in prisma/: node scripts/prisma.mjs [FOLDER].
// They are committed, so that neither the product nor a bare machine ever runs Prisma's command line.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './setup/child.mjs';
import { findNode, toolEnvironment } from './setup/runtime.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PROVIDERS = ['sqlite', 'postgresql'];

/**
 * Generates both clients into `target`/sqlite and `target`/postgresql, replacing what is there.
 * The folder in between has the shape that the `output` of the schemas expects.
 * @param {string} target
 */
async function generate(target) {
  const work = mkdtempSync(join(tmpdir(), 'pitwall-prisma-'));
  try {
    for (const provider of PROVIDERS) {
      const schema = join(work, 'schema', provider);
      mkdirSync(schema, { recursive: true });
      for (const folder of [join(root, 'prisma', provider), join(root, 'prisma', 'models')]) {
        for (const name of readdirSync(folder).filter((file) => file.endsWith('.prisma')))
          cpSync(join(folder, name), join(schema, name));
      }
      const cli = join(root, 'node_modules', 'prisma', 'build', 'index.js');
      // Generating needs no schema engine, but the command line would download one: it's content with any executable.
      const env = { ...toolEnvironment(root), PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
      const result = await run(findNode(root), [cli, 'generate', '--no-hints', '--schema', schema], { cwd: root, env });
      if (result.code !== 0) throw new Error(result.output);
      rmSync(join(target, provider), { recursive: true, force: true });
      cpSync(join(work, provider), join(target, provider), { recursive: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await generate(resolve(process.argv[2] ?? join(root, 'lib', 'storage', 'database', 'generated')));
