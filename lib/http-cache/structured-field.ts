/** A token: a word without quotes, told apart from a string (RFC 9651 section 3.3.4). */
export class Token {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A decimal, told apart from an integer: 1.0 isn't 1 (RFC 9651 section 3.3.2). */
export class Decimal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A date, seconds since the epoch (RFC 9651 section 3.3.7). */
export class StructuredDate {
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

/** A number is an Integer. */
export type BareItem = number | Decimal | string | boolean | Token | Buffer | StructuredDate;
export type Parameters = ReadonlyMap<string, BareItem>;
export interface Item {
  readonly value: BareItem;
  readonly parameters: Parameters;
}
export interface InnerList {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}
export type Member = Item | InnerList;
export type Dictionary = ReadonlyMap<string, Member>;

/** A field's value as a Dictionary (RFC 9651 section 4.2.2); undefined if it isn't one. Never throws. */
export function parseDictionary(value: string): Dictionary | undefined {
  return parsed(value, (input) => {
    const members = new Map<string, Member>();
    input.list(() => {
      const key = input.key();
      const member = input.takes('=') ? input.member() : { value: true, parameters: input.parameters() };
      // The last of a name counts, in its own place.
      members.delete(key);
      members.set(key, member);
    });
    return members;
  });
}

/** A field's value as a List (RFC 9651 section 4.2.1); undefined if it isn't one. Never throws. */
export function parseList(value: string): readonly Member[] | undefined {
  return parsed(value, (input) => {
    const members: Member[] = [];
    input.list(() => members.push(input.member()));
    return members;
  });
}

/** What isn't a structured field: parsing stops at the first fault (RFC 9651 section 4.2). */
class Malformed extends Error {}

function parsed<T>(value: string, read: (input: Input) => T): T | undefined {
  try {
    return read(new Input(value));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const NUMBER = /-?[0-9]+(\.[0-9]+)?/y;
const STRING = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y;
const BYTES = /:([A-Za-z0-9+/]*={0,2}):/y;
const DISPLAY = /%"((?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)"/y;

/** The text that is left to parse. Each method takes its part, or throws Malformed. */
class Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Members separated by commas, up to the end; none at all is an empty list. */
  list(member: () => void): void {
    this.#skip(' ');
    while (this.#at < this.#text.length) {
      member();
      this.#skip(' \t');
      if (this.#at === this.#text.length) return;
      this.#expect(',');
      this.#skip(' \t');
      // A comma at the end is a fault.
      if (this.#at === this.#text.length) throw new Malformed();
    }
  }

  key(): string {
    return this.#match(KEY)[0];
  }

  member(): Member {
    if (!this.takes('(')) return this.#item();
    const items: Item[] = [];
    for (;;) {
      this.#skip(' ');
      if (this.takes(')')) return { items, parameters: this.parameters() };
      items.push(this.#item());
      if (this.#char !== ' ' && this.#char !== ')') throw new Malformed();
    }
  }

  parameters(): Parameters {
    const parameters = new Map<string, BareItem>();
    while (this.takes(';')) {
      this.#skip(' ');
      const key = this.key();
      parameters.delete(key);
      parameters.set(key, this.takes('=') ? this.#bareItem() : true);
    }
    return parameters;
  }

  takes(char: string): boolean {
    if (this.#char !== char) return false;
    this.#at++;
    return true;
  }

  get #char(): string | undefined {
    return this.#text[this.#at];
  }

  #item(): Item {
    return { value: this.#bareItem(), parameters: this.parameters() };
  }

  #bareItem(): BareItem {
    const char = this.#char ?? '';
    if (/[-0-9]/.test(char)) return this.#number();
    if (char === '"') return (this.#match(STRING)[1] as string).replace(/\\(.)/g, '$1');
    if (char === '?') return this.#boolean();
    if (char === ':') return Buffer.from(this.#match(BYTES)[1] as string, 'base64');
    if (char === '@') return this.#date();
    if (char === '%') return this.#displayString();
    return new Token(this.#match(TOKEN)[0]);
  }

  /** An integer of up to 15 digits, or a decimal of up to 12 and 3 (RFC 9651 section 4.2.4). */
  #number(): number | Decimal {
    const [text, fraction] = this.#match(NUMBER);
    const digits = text.replace('-', '').length - (fraction?.length ?? 0);
    const fits = fraction === undefined ? digits <= 15 : digits <= 12 && fraction.length <= 4;
    if (!fits || this.#char === '.') throw new Malformed();
    return fraction === undefined ? Number(text) : new Decimal(Number(text));
  }

  #boolean(): boolean {
    this.#expect('?');
    if (this.takes('1')) return true;
    this.#expect('0');
    return false;
  }

  #date(): StructuredDate {
    this.#expect('@');
    const seconds = this.#number();
    if (typeof seconds !== 'number') throw new Malformed();
    return new StructuredDate(seconds);
  }

  #displayString(): string {
    try {
      return decodeURIComponent(this.#match(DISPLAY)[1] as string);
    } catch {
      throw new Malformed();
    }
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new Malformed();
    this.#at += found[0].length;
    return found;
  }

  #expect(char: string): void {
    if (!this.takes(char)) throw new Malformed();
  }

  #skip(chars: string): void {
    while (this.#char !== undefined && chars.includes(this.#char)) this.#at++;
  }
}
