import { environmentSchema } from './environment.ts';
import { configJsonSchema, type SchemaNode } from './json-schema.ts';
import { durationText, sizeText } from './quantity-text.ts';
import { resolveConfig } from './resolve.ts';

type Row = readonly string[];

function table(heading: Row, rows: readonly Row[]): string {
  // In code a star is a star, and a backslash would be shown.
  const cell = (text: string): string =>
    text.replaceAll('|', '\\|').replace(/`[^`]*`|\*/g, (found) => (found === '*' ? '\\*' : found));
  const line = (row: Row): string => `| ${row.map(cell).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(value: unknown): string {
  if (value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : code(value.join(', '));
  return `\`${String(value)}\``;
}

/** Markdown table of the environment's variables with their defaults. */
export function environmentReference(): string {
  const defaults: Readonly<Record<string, unknown>> = environmentSchema.parse({});
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => [
    `\`${name}\``,
    code(defaults[name]),
    schema.description ?? '',
  ]);
  return table(['variable', 'default', 'meaning'], rows);
}

function kind(node: SchemaNode): string {
  const [, text] = node.anyOf ?? [];
  if (text !== undefined) return String(text.pattern).includes('KiB') ? 'size' : 'duration';
  if (node.enum !== undefined) return node.enum.map(code).join(', ');
  if (node.type === 'array') return node.items === undefined ? 'list' : `list of ${kind(node.items)}`;
  return node.type === 'string' ? 'text' : String(node.type);
}

interface Setting {
  readonly path: readonly string[];
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every setting that isn't made of further settings; "[]" stands for each item of a list. */
function leaves(node: SchemaNode, path: readonly string[], required: boolean): Setting[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, below]) =>
      leaves(below, [...path, name], node.required?.includes(name) ?? false),
    );
  }
  if (node.items?.properties !== undefined) return leaves(node.items, [...path, '[]'], required);
  return [{ path, node, required }];
}

/** `['services', '[]', 'name']` -> `services[].name`. */
const written = (path: readonly string[]): string => path.join('.').replaceAll('.[]', '[]');

export interface SettingReference {
  readonly name: string;
  readonly kind: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** Every setting of the YAML file, with its default as one would write it. */
export function settingReferences(): readonly SettingReference[] {
  const minimal = { services: [{ name: 'a', targets: [{ url: 'http://a' }] }] };
  const running = resolveConfig(minimal, { cacheTtl: 0, readFile: () => '' });
  const services = running.services.map((service) => ({ ...service, policy: service.routes[0]?.policy, routes: [] }));
  const defaults = { ...running, services };
  return leaves(configJsonSchema(), [], true).map(({ path, node, required }) => {
    const value = path.reduce<unknown>(
      (inside, key) => (inside as Readonly<Record<string, unknown>> | undefined)?.[key === '[]' ? '0' : key],
      defaults,
    );
    const name = written(path);
    const nodeKind = kind(node);
    return {
      name,
      kind: nodeKind,
      fallback: fallback(name, nodeKind, value, required),
      meaning: node.description ?? '',
    };
  });
}

function fallback(name: string, nodeKind: string, value: unknown, required: boolean): string {
  if (name.includes('routes[].policy')) return "the service's";
  if (required) return 'required';
  if (name.endsWith('policy.ttl')) return '`CACHE_TTL`';
  if (name === 'gateway.accessLog.sample') return code(1);
  if (nodeKind === 'duration') return code(durationText(Number(value)));
  return code(nodeKind === 'size' ? sizeText(Number(value)) : value);
}

/** Markdown table of the YAML file's settings. */
export function settingsReference(): string {
  const rows = settingReferences()
    .filter(({ name }) => !name.includes('routes[].policy'))
    .map(({ name, kind, fallback, meaning }) => [`\`${name}\``, kind, fallback, meaning]);
  return table(['setting', 'kind', 'default', 'meaning'], rows);
}
