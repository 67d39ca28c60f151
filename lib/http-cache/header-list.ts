/** Headers as they came: name, value, name, value… with the sender's case and order. */
export type HeaderList = readonly string[];

/** All values of `name` (lower case) joined by ", " (RFC 9110 section 5.2); undefined if absent. */
export function header(list: HeaderList, name: string): string | undefined {
  let found: string | undefined;
  for (let i = 0; i < list.length; i += 2) {
    const candidate = list[i] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name) {
      found = found === undefined ? list[i + 1] : `${found}, ${list[i + 1]}`;
    }
  }
  return found;
}

/** The values of `name` (lower case), one per field line. */
export function headerLines(list: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    if ((list[i] as string).toLowerCase() === name) values.push(list[i + 1] as string);
  }
  return values;
}

/** A copy without the headers whose lower-case names are in `names`. */
export function withoutHeaders(list: HeaderList, names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    if (!names.has((list[i] as string).toLowerCase())) kept.push(list[i] as string, list[i + 1] as string);
  }
  return kept;
}

const NO_HEADERS: HeaderList = [];

/** The headers whose lower-case names are in `names`; one shared list where there are none. */
export function onlyHeaders(list: HeaderList, names: ReadonlySet<string>): HeaderList {
  let kept: string[] | undefined;
  for (let i = 0; i < list.length; i += 2) {
    if (names.has((list[i] as string).toLowerCase())) (kept ??= []).push(list[i] as string, list[i + 1] as string);
  }
  return kept ?? NO_HEADERS;
}
