import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../../lib/config/yaml-file.ts';
import { isPitwallError } from '../../../lib/kernel/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { cacheTtl: 0, readFile: (path: string) => readFileSync(path, 'utf8') };

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isPitwallError(error) && error.code === 'config_invalid') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
const faultsOf = (text: string): string => messageOf(() => parseConfig(text, 'p.yaml', options));

describe('parseConfig', () => {
  it('parses, with anchors and merge keys', () => {
    const text = `
services:
  - name: a
    hosts: [a]
    targets: &targets [{ url: 'http://127.0.0.1:9000' }]
    policy: &policy { ttl: 30s, tags: [x] }
  - name: b
    targets: *targets
    policy: { <<: *policy, tags: [y] }
`;
    const config = parseConfig(text, 'p.yaml', options);
    expect(config.services.map((service) => service.routes[0]?.policy)).toMatchObject([
      { ttl: 30_000, tags: ['x'] },
      { ttl: 30_000, tags: ['y'] },
    ]);
  });

  it('lists every fault in the order of the file, with line, column and path', () => {
    const text = `services:
  - name: a
    polcy: {}
    mode: cach
    targets:
      - url: http://127.0.0.1:9000
        ca: nope.pem
    routes:
      - path: /a/:id
        policy: { tags: ['x:{ie}'], ttl: fast }
      - path: /a/:id
  - targets: [{ url: 'http://y' }]
    hosts: [h]
gateway: { trustedProxies: [10.0.0.0/8, nobody] }
`;
    expect(faultsOf(text)).toBe(`p.yaml has 8 faults:
  p.yaml:3:5 services[0].polcy: there is no such setting; did you mean "policy"?
  p.yaml:4:5 services[0].mode: expected one of cache, observe, bypass, got the string "cach"
  p.yaml:7:9 services[0].targets[0].ca: can't read the file nope.pem (ENOENT)
  p.yaml:10:26 services[0].routes[0].policy.tags[0]: {ie} is no parameter of the path "/a/:id"
  p.yaml:10:37 services[0].routes[0].policy.ttl: expected a duration such as 250ms, 30s, 5m, 1h or 30d
  p.yaml:11:9 services[0].routes[1].path: the route "/a/:id" is already at routes[0]; give one of them a name
  p.yaml:12:5 services[1].name: is missing
  p.yaml:14:41 gateway.trustedProxies[1]: expected an address or a CIDR block such as 10.0.0.0/8, got "nobody"`);
  });

  it('finds the place behind an alias, and the nearest one behind a merge key', () => {
    const text = `services:
  - name: a
    targets: [{ url: 'http://a' }]
    policy: &p
      ttl: soon
    routes:
      - { path: /x, policy: *p }
      - { path: /y, policy: { <<: *p } }
`;
    expect(
      faultsOf(text)
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':').slice(1, 3).join(':')),
    ).toEqual([
      '5:7 services[0].policy.ttl',
      '5:7 services[0].routes[0].policy.ttl',
      '8:21 services[0].routes[1].policy.ttl',
    ]);
  });

  it.each([
    ['an empty file', '', 'p.yaml:1:1 the whole file: expected a mapping, got nothing'],
    ['a list', '- a', 'p.yaml:1:1 the whole file: expected a mapping, got a list'],
    ['a setting twice', 'services: []\nservices: []', 'p.yaml:2:1 YAML: this setting stands there twice'],
    ['an open bracket', 'services: [', 'p.yaml:1:12 YAML: Flow sequence'],
    ['a tab', 'gateway:\n\tmemory: 1', 'p.yaml:2:1 YAML: tabs may not indent; use spaces'],
    ['an unknown alias', 'a: *b', 'p.yaml:1:1 YAML: Unresolved alias'],
    ['an unknown tag', 'a: !!js/function x', 'p.yaml:1:4 YAML: Unresolved tag'],
    ['several documents', 'services: []\n---\na: 1', 'p.yaml:2:1 YAML: expected one document'],
  ])('%s', (_what, text, fault) => {
    expect(faultsOf(text)).toContain(`:\n  ${fault}`);
  });

  it('refuses a bomb of aliases, fast', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(faultsOf(lines.join('\n'))).toContain('YAML: aliases stand for more than 1000 copies');
  });

  it('refuses more than 1 MiB', () => {
    expect(faultsOf(`# ${'é'.repeat(600_000)}`)).toBe(
      'p.yaml is larger than 1 MiB, the most a configuration may have.',
    );
  });

  it('takes any text, or says what is wrong with it', () => {
    const word = fc.constantFrom(
      'services:',
      '- ',
      'name: a',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<: ',
      '? ',
      '|',
      '"',
      ': ',
      '__proto__:',
      '!!set ',
      '%',
      '.inf',
      '~',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        expect(faultsOf(input)).toContain('p.yaml');
      }),
      { numRuns: 500 },
    );
  });
});

describe('loadConfig', () => {
  it('reads the file, and what it names beside it', () => {
    const file = join(folder, 'good.yaml');
    writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    const text = `services: [{ name: a, targets: [{ url: 'https://a', ca: ca.pem }] }]`;
    writeFileSync(file, text);
    const loaded = loadConfig(file, 5);
    expect(loaded.text).toBe(text);
    expect(loaded.config.services[0]?.routes[0]?.policy.ttl).toBe(5);
    expect(loaded.config.services[0]?.targets[0]?.ca).toContain('BEGIN CERTIFICATE');
  });

  it('says in one sentence that there is no file, or that it is none', () => {
    const missing = join(folder, 'missing.yaml');
    expect(messageOf(() => loadConfig(missing, 0))).toBe(
      `The configuration ${missing} can't be read: there is no such file.`,
    );
    expect(messageOf(() => loadConfig(folder, 0))).toBe(`The configuration ${folder} can't be read: EISDIR.`);
  });

  it('takes the example as it is', () => {
    const file = join(import.meta.dirname, '../../../pitwall.example.yaml');
    const { config, text } = loadConfig(file, 0);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./pitwall.schema.json');
    expect(config.services.map(({ name }) => name)).toEqual(['api', 'website']);
  });
});
