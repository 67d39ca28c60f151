import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { printJsonSchema } from '../../../lib/config/json-schema.ts';
import { environmentReference, settingReferences, settingsReference } from '../../../lib/config/reference.ts';

const root = join(import.meta.dirname, '../../..');

function withTable(text: string, name: string, table: string): string {
  const block = new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`);
  expect(text).toMatch(block);
  return text.replace(block, () => `<!-- ${name} -->\n\n${table}\n\n<!-- /${name} -->`);
}

// `npx vitest run --project unit tests/unit/config/reference.test.ts -u` writes both files anew.
describe('what is generated from the schemas', () => {
  it('pitwall.schema.json is up to date', async () => {
    await expect(printJsonSchema()).toMatchFileSnapshot(join(root, 'pitwall.schema.json'));
  });

  it('the tables of docs/configuration.md are up to date', async () => {
    const file = join(root, 'docs/configuration.md');
    const text = withTable(readFileSync(file, 'utf8'), 'environment', environmentReference());
    const generated = withTable(text, 'settings', settingsReference());
    await expect(await format(generated, { parser: 'markdown', printWidth: 120 })).toMatchFileSnapshot(file);
  });

  it('every setting has a meaning', () => {
    const settings = settingReferences();
    expect(settings.length).toBeGreaterThan(50);
    expect(settings.filter(({ meaning }) => meaning === '').map(({ name }) => name)).toEqual([]);
  });

  it('gives defaults as one would write them', () => {
    const fallback = Object.fromEntries(settingReferences().map((setting) => [setting.name, setting.fallback]));
    expect(fallback).toMatchObject({
      'gateway.memory': '`64MiB`',
      'gateway.timeouts.keepAlive': '`65s`',
      'services[].name': 'required',
      'services[].policy.ttl': '`CACHE_TTL`',
      'services[].policy.timeouts.idle': '`1m`',
      'services[].routes[].policy.ttl': "the service's",
    });
  });
});
