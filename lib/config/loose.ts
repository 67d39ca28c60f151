/** Views of data that may have any shape: what isn't there, or isn't of that kind, is empty. */

export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list, each with its index. */
export function texts(value: unknown): readonly (readonly [index: number, text: string])[] {
  return list(value).flatMap((item, index) => (typeof item === 'string' ? [[index, item] as const] : []));
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
