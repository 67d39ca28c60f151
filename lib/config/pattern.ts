/** Names of the `:parameters` of a path pattern, in order. */
export function patternParameters(pattern: string): string[] {
  return [...pattern.matchAll(/:([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');
}

/**
 * What is wrong with a path pattern, in words. One parameter per segment and one "*" keep matching linear in the
 * path's length.
 */
export function patternFaults(pattern: string): string[] {
  const names = patternParameters(pattern);
  const faults: string[] = [];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) faults.push(`the parameter ":${twice}" stands there twice`);
  const crowded = pattern.split('/').find((segment) => patternParameters(segment).length > 1);
  if (crowded !== undefined) faults.push(`only one parameter may stand between two slashes, got "${crowded}"`);
  if (pattern.split('*').length > 2) faults.push('only one "*" may stand in a path pattern');
  if (/[?#\s]/.test(pattern)) faults.push('a path pattern has no query, fragment or space');
  return faults;
}
