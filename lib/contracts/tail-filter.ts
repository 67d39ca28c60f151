import type { RequestLine, TailFilter } from './tail.ts';

type Line = Pick<
  RequestLine,
  'service' | 'route' | 'method' | 'client' | 'result' | 'reason' | 'status' | 'ms' | 'path'
>;
type Passes = (line: Line) => boolean;

/** The parts of a filter that say something, as one test. */
export function passerOf(filter: TailFilter): Passes {
  const { services, routes, methods, clients, results, reasons, statuses, text, slowerThanMs } = filter;
  const lower = text.toLowerCase();
  const parts: Passes[] = [];
  const among = (wanted: readonly string[], value: (line: Line) => string | null | undefined): void => {
    if (wanted.length === 0) return;
    const set: ReadonlySet<string | null | undefined> = new Set(wanted);
    parts.push((line) => set.has(value(line)));
  };
  among(services, ({ service }) => service);
  among(routes, ({ route }) => route);
  among(methods, ({ method }) => method);
  among(clients, ({ client }) => client);
  among(results, ({ result }) => result);
  among(reasons, ({ reason }) => reason);
  if (statuses.length > 0) {
    const set = new Set(statuses);
    parts.push(({ status }) => set.has(String(status)) || set.has(`${Math.floor(status / 100)}xx`));
  }
  if (slowerThanMs > 0) parts.push(({ ms }) => ms > slowerThanMs);
  if (lower !== '') parts.push(({ path }) => path.toLowerCase().includes(lower));
  return (line) => parts.every((part) => part(line));
}

/** The same for filters that let the same pass, however they are written. */
export function filterKey(filter: TailFilter): string {
  const parts = Object.keys(filter)
    .sort()
    .map((name) => filter[name as keyof TailFilter])
    .map((part) =>
      Array.isArray(part) ? [...new Set(part)].sort() : typeof part === 'string' ? part.toLowerCase() : part,
    );
  return JSON.stringify(parts);
}
