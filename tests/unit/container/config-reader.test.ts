import { expect, it } from 'vitest';
import { hidden, readConfig, readConfigApart } from '../../../lib/container/config-reader.ts';

const TOKEN = 'a-token-of-24-characters';
const yaml = (token: string, mode = 'cache'): string =>
  `services:\n  - name: a\n    mode: ${mode}\n    targets: [{ url: "http://127.0.0.1:9" }]\ngateway:\n  explainToken: "${token}"\n`;
const question = { folder: '.', cacheTtl: 7, token: TOKEN };

it('reads the same in a thread as here: with the secrets that run, known by the text without them', async () => {
  const asked = { ...question, yaml: yaml('[redacted]') };
  const read = readConfig(asked);
  expect(read).toMatchObject({
    config: { gateway: { explainToken: TOKEN }, services: [{ routes: [{ policy: { ttl: 7 } }] }] },
    text: yaml(TOKEN),
    hidden: hidden(yaml(TOKEN)),
  });
  expect(hidden(yaml(TOKEN))).toMatchObject({ text: yaml('[redacted]'), id: hidden(yaml('[redacted]')).id });
  expect(await readConfigApart(asked)).toEqual(read);
});

it('tells every fault in the order of the lines, a secret that nothing runs with once', async () => {
  const asked = { ...question, yaml: yaml('[redacted]', 'turbo'), token: undefined };
  const read = readConfig(asked);
  expect('faults' in read && read.faults.map(({ line, path }) => [line, path])).toEqual([
    [3, 'services[0].mode'],
    [6, 'gateway.explainToken'],
  ]);
  expect(await readConfigApart(asked)).toEqual(read);
  expect(readConfig({ ...question, yaml: 'a: [' })).toMatchObject({ faults: [{ path: 'YAML' }] });
});
