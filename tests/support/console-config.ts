import { createHash } from 'node:crypto';
import { diffTexts } from '../../lib/config/text-diff.ts';
import { checkYaml } from '../../lib/config/yaml-file.ts';
import {
  checkConfigSchema,
  importConfigSchema,
  versionListQuerySchema,
  type ConfigVersion,
} from '../../lib/contracts/config-versions.ts';
import type { Source } from '../../lib/contracts/running.ts';

const HOUR = 3_600_000;

/** How the double's configuration is: made in the console, or in a file, or with no version yet, or answering with a failure. */
export const CONFIG_STATES = ['own', 'file', 'none', 'failing'] as const;
export type ConfigState = (typeof CONFIG_STATES)[number];

const shop = (routes: string): string => `# What stands in front of the shop.
gateway:
  memory: 256MiB
  explainToken: "[redacted]" # of ops
services:
  - name: shop
    hosts: [shop.example]
    targets:
      - url: http://10.0.4.17:9000
        host: preserve
    policy:
      staleIfError: 10m
    routes:
${routes}`;

const PRODUCT = `      - name: product
        path: /products/:id
        policy: { ttl: 60s, staleWhileRevalidate: 30s, tags: ['product:{id}'] }
`;
const SEARCH = `      - name: search
        path: /graphql
        methods: [POST]
        policy: { keyBody: true, ttl: 10s } # reads only: the key is a hash of the body, and what is asked for most is asked by everybody
`;
const ACCOUNT = `      - name: account
        path: /account/*
        policy: { coalesce: false }
`;

const TEXTS = [
  shop(PRODUCT),
  shop(PRODUCT + ACCOUNT),
  shop(PRODUCT.replace('60s', '5m') + SEARCH + ACCOUNT),
  shop(PRODUCT.replace('60s', '2m') + SEARCH + ACCOUNT),
];

export const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The double's configuration: its versions, and what can be done about them. */
export function createFixtureConfig(at: number) {
  let state: ConfigState = 'own';
  const texts = new Map(TEXTS.map((text) => [idOf(text), text]));
  const console: Source = { kind: 'console' };
  const file = { kind: 'file', file: '/etc/pitwall/pitwall.yaml' } as const;
  const version = (n: number, hours: number, part: Partial<ConfigVersion>): ConfigVersion => ({
    id: idOf(TEXTS[n] ?? ''),
    previous: n === 0 ? null : idOf(TEXTS[n - 1] ?? ''),
    way: 'import',
    source: console,
    words: 'Changed: shop.',
    at: at - hours * HOUR,
    actor: 'person:mara',
    who: 'Mara Lindqvist',
    ...part,
  });
  const versions: ConfigVersion[] = [
    version(3, 1, {}),
    version(2, 26, { actor: 'person:priya', who: 'Priya Raghunathan-Featherstonehaugh' }),
    version(1, 70, {
      way: 'restore',
      words: 'Changed: shop. Removed: a service with a name of some length, books, orders.',
    }),
    version(0, 200, { way: 'start', words: 'Added: shop.', actor: 'engine', who: null }),
  ];
  const running = (): string => versions[0]?.id ?? '';

  function bring(text: string, way: 'import' | 'restore', words: string): object {
    const id = idOf(text);
    texts.set(id, text);
    const made = { previous: running(), way, source: console, words };
    versions.unshift({ id, ...made, at: Date.now(), actor: 'local', who: null });
    return { version: id, ...made };
  }

  const problem = (status: number, code: string, title: string, detail: string) => ({
    status,
    body: { type: `urn:pitwall:problem:${code}`, title, status, detail, code, instance: '01JCX4T2M8' },
  });
  const ok = (body: unknown) => ({ status: 200, body });

  function check(yaml: string): { readonly faults: readonly object[] } {
    const checked = checkYaml(yaml.replace('"[redacted]"', '"a-token-of-24-characters"'), '.', {
      cacheTtl: 0,
      readFile: () => '',
    });
    return 'faults' in checked ? checked : { faults: [] };
  }

  return {
    become(next: ConfigState) {
      state = next;
    },
    yaml: () => texts.get(running()) ?? '',
    async answer(method: string, url: URL, given: unknown): Promise<{ status: number; body: unknown } | undefined> {
      const path = url.pathname.replace('/api/config', '');
      if (state === 'failing') {
        return problem(503, 'storage_unavailable', 'Storage doesn’t answer', 'The database doesn’t answer.');
      }
      if (method === 'GET' && path === '/versions') {
        versionListQuerySchema.parse(Object.fromEntries(url.searchParams));
        const readOnly = `PITWALL_CONFIG names ${file.file}: change that file, and Pitwall takes it at once.`;
        const runs =
          state === 'none'
            ? { id: '0123456789ab', source: { kind: 'sample' }, readOnly: null }
            : {
                id: running(),
                source: state === 'file' ? file : console,
                readOnly: state === 'file' ? readOnly : null,
              };
        return ok({ running: runs, versions: state === 'none' ? [] : versions, next: null });
      }
      if (method === 'POST' && path === '/check') {
        const { yaml } = checkConfigSchema.parse(given);
        const base = running();
        const { faults } = check(yaml);
        if (faults.length > 0) return ok({ faults, version: null, base, words: null, diff: null });
        const diff = await diffTexts(texts.get(base) ?? '', yaml);
        return ok({ faults, version: idOf(yaml), base, words: 'Changed: shop.', diff });
      }
      if (method === 'POST' && path === '') {
        return ok(bring(importConfigSchema.parse(given).yaml, 'import', 'Changed: shop.'));
      }
      const [, , id = '', verb] = path.split('/');
      const text = texts.get(id);
      if (text === undefined) return undefined;
      if (verb === 'restore') return ok(bring(text, 'restore', 'Changed: shop.'));
      const asked = url.searchParams.get('against');
      const against = asked === 'running' ? running() : asked;
      const other = against === null ? undefined : texts.get(against);
      return ok({ id, yaml: text, against, diff: other === undefined ? null : await diffTexts(other, text) });
    },
  };
}
