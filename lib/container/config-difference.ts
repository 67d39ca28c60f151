import type { Config } from '../contracts/policy.ts';

/** What a new configuration changes, in words, and the service if it's a single one that is concerned. */
export interface ConfigDifference {
  readonly words: string;
  readonly service: string | null;
}

/** Most services that are named. */
const NAMED = 5;

export function differenceOf(before: Config, after: Config): ConfigDifference {
  const was = new Map(before.services.map((service) => [service.name, JSON.stringify(service)]));
  const is = new Map(after.services.map((service) => [service.name, JSON.stringify(service)]));
  const added = [...is.keys()].filter((name) => !was.has(name));
  const removed = [...was.keys()].filter((name) => !is.has(name));
  const changed = [...is].filter(([name, text]) => was.has(name) && was.get(name) !== text).map(([name]) => name);
  const settings = JSON.stringify(before.gateway) !== JSON.stringify(after.gateway);
  const words = [
    listed('Added', added),
    listed('Removed', removed),
    listed('Changed', changed),
    settings ? 'The gateway’s settings changed.' : '',
  ].filter((part) => part !== '');
  const [only, ...others] = [...added, ...removed, ...changed];
  return {
    words: words.length > 0 ? words.join(' ') : 'Nothing in it differs from the one before.',
    service: only !== undefined && others.length === 0 && !settings ? only : null,
  };
}

function listed(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${what}: ${names.slice(0, NAMED).join(', ')}${more}.`;
}
