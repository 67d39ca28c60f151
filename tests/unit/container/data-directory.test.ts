import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataDirectory } from '../../../lib/container/data-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-data-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the data directory', () => {
  it('is made where it’s missing, and taken where it’s there', () => {
    const path = join(root, 'a', 'b');
    expect(openDataDirectory(path)).toBe(path);
    expect(openDataDirectory(path)).toBe(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('is refused with one sentence when it can’t be one', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => openDataDirectory(path)).toThrow(
        expect.objectContaining({
          code: 'data_dir_unwritable',
          message: `The data directory ${path} can't be written (it isn't a directory): set PITWALL_DATA_DIR to one that can.`,
        }),
      );
    }
  });

  it('is refused, and not waited for, where nothing can be created', () => {
    expect(() => openDataDirectory('/proc/pitwall/data')).toThrow(
      expect.objectContaining({ code: 'data_dir_unwritable' }),
    );
  });
});
