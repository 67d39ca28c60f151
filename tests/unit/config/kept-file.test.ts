import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { draftKept, keptFile } from '../../../lib/config/kept-file.ts';
import { readNamedFile } from '../../../lib/config/named-file.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-kept-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the configuration that the console keeps', () => {
  it('comes whole into its place, for its owner alone, or not at all', async () => {
    const file = keptFile(root);
    writeFileSync(file, 'old');
    const dropped = await draftKept(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('old');
    await dropped.discard();
    expect(readdirSync(root)).toEqual(['pitwall.yaml']);
    const draft = await draftKept(file, 'new');
    await draft.commit();
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(root)).toEqual(['pitwall.yaml']);
  });

  it('says where it can’t be written', async () => {
    await expect(draftKept(join(root, 'none', 'pitwall.yaml'), '')).rejects.toMatchObject({
      code: 'data_dir_unwritable',
      message: expect.stringMatching(/none\/pitwall\.yaml \(ENOENT\)/),
    });
  });
});

describe('a file that a configuration names', () => {
  it('is a plain file of a bounded size: nothing that never ends, or never begins', () => {
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of ['/dev/zero', pipe, root])
      expect(() => readNamedFile(path)).toThrow(expect.objectContaining({ code: 'no plain file' }));
    const large = join(root, 'large');
    writeFileSync(large, 'x'.repeat(4_194_305));
    expect(() => readNamedFile(large)).toThrow(expect.objectContaining({ code: 'larger than 4 MiB' }));
    writeFileSync(large, 'x'.repeat(4_194_304));
    expect(readNamedFile(large)).toHaveLength(4_194_304);
    expect(() => readNamedFile(join(root, 'nothing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
