/** What of a query counts (policy.query). Names are compared decoded; one that ends in "*" is a prefix. */
export interface QueryPolicy {
  /** Parameters in the order of their names; those of one name stay in theirs. */
  readonly sort: boolean;
  /** Parameters that are left out. */
  readonly drop: readonly string[];
  /** The only ones that are kept; "*" is all. */
  readonly keep: readonly string[];
}

/** A query ('' or with its leading "?") as the key holds it and the origin gets it. */
export type QueryRule = (query: string) => string;

/**
 * Makes a rule of a policy. What it leaves out reaches neither key nor origin, so that no answer can depend on it,
 * and nobody gets into another's with it. Idempotent; what is left stays as it came, byte for byte.
 */
export function createQueryRule({ sort, drop, keep }: QueryPolicy): QueryRule {
  const dropped = matcher(drop);
  const kept = matcher(keep);
  if (!sort && drop.length === 0 && keep.includes('*')) return (query) => query;
  return (query) => {
    if (query.length < 2) return '';
    const parameters = query
      .slice(1)
      .split('&')
      .map((text) => ({ text, name: nameOf(text) }))
      .filter(({ text, name }) => text !== '' && !dropped(name) && kept(name));
    if (sort) parameters.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return parameters.length === 0 ? '' : `?${parameters.map(({ text }) => text).join('&')}`;
  };
}

/** A parameter's name as an origin reads it (WHATWG URL, application/x-www-form-urlencoded). */
function nameOf(parameter: string): string {
  const equals = parameter.indexOf('=');
  const name = (equals === -1 ? parameter : parameter.slice(0, equals)).replaceAll('+', ' ');
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    // Not UTF-8: it's known by its bytes.
    return name;
  }
}

function matcher(names: readonly string[]): (name: string) => boolean {
  const whole = new Set(names.filter((name) => !name.endsWith('*')));
  const prefixes = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) => whole.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
