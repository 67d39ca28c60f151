import {
  CST,
  isAlias,
  Lexer,
  LineCounter,
  isMap,
  isScalar,
  parseDocument,
  visit,
  type Document,
  type Scalar,
} from 'yaml';
import { createRedactor } from '../kernel/redact.ts';
import { REDACTED } from '../kernel/redact-text.ts';

const { isSecret: isSecretName, text: redactText } = createRedactor();

/** REDACTED as YAML: without quotes it would be a list. */
const HIDDEN = JSON.stringify(REDACTED);
/** Shorter ones are words that may stand anywhere. */
const LEAST_SECRET = 8;

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function parse(text: string): Document {
  return parseDocument(text, { logLevel: 'silent', prettyErrors: false, merge: true });
}

function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((now, { from, to, text: put }) => {
      // A block scalar's range has the end of its last line.
      const end = now.slice(from, to).endsWith('\n') ? '\n' : '';
      return now.slice(0, from) + put + end + now.slice(to);
    }, text);
}

/** What an alias stands for. */
const resolved = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

function replaced(scalar: Scalar, text: string): Edit[] {
  return scalar.range === null || scalar.range === undefined
    ? []
    : [{ from: scalar.range[0], to: scalar.range[1], text }];
}

/**
 * A configuration's text without secrets: what settings with a secret's name hold, wherever else the same text stands,
 * and what looks like a secret in comments. Everything else stays as it was written. Only for text that is valid.
 */
export function hideSecrets(text: string): string {
  if (!mayHoldSecrets(text)) return withoutSecretsInComments(text);
  /** By where they begin: an alias and its anchor are one place. */
  const edits = new Map<number, Edit>();
  const secrets = new Set<string>();
  const document = parse(text);
  visit(document, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || !isSecretName(String(pair.key.value))) return;
      const value = resolved(document, pair.value);
      if (!isScalar(value)) return;
      if (typeof value.value !== 'string' && typeof value.value !== 'number') return;
      for (const edit of replaced(value, HIDDEN)) edits.set(edit.from, edit);
      secrets.add(String(value.value));
    },
  });
  let hidden = withoutSecretsInComments(applied(text, [...edits.values()]));
  for (const secret of secrets) if (secret.length >= LEAST_SECRET) hidden = hidden.replaceAll(secret, REDACTED);
  return hidden;
}

/** The lexer's own marks are no part of the text. */
const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** Whether a setting may have a secret's name; in most texts none has, and parsing is slow. */
function mayHoldSecrets(text: string): boolean {
  for (const [, name = ''] of text.matchAll(/([\w-]+)["']?[ \t]*:/g)) if (isSecretName(name)) return true;
  // A key of several lines, or one in escapes.
  return /^\s*\?|\\/m.test(text);
}

function withoutSecretsInComments(text: string): string {
  if (!text.includes('#')) return text;
  let rebuilt = '';
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    rebuilt += CST.tokenType(lexeme) === 'comment' ? redactText(lexeme) : lexeme;
  }
  return rebuilt;
}

/** The settings that are secrets: where hideSecrets put REDACTED, and where it's put back. */
const TOKEN = ['gateway', 'explainToken'] as const;

export type Filled =
  | { readonly text: string }
  | {
      readonly fault: {
        readonly line: number;
        readonly column: number;
        readonly path: string;
        readonly message: string;
      };
    };

/** The text with the secret that runs in place of REDACTED; a fault where none does. @param token gateway.explainToken */
export function fillSecrets(text: string, token: string | undefined): Filled {
  if (!text.includes(REDACTED)) return { text };
  const document = parse(text);
  const value = resolved(document, isMap(document.contents) ? document.getIn(TOKEN, true) : undefined);
  if (!isScalar(value) || value.value !== REDACTED) return { text };
  if (token !== undefined) return { text: applied(text, replaced(value, JSON.stringify(token))) };
  const counter = new LineCounter();
  parseDocument(text, { lineCounter: counter, logLevel: 'silent', prettyErrors: false });
  const { line, col } = counter.linePos(value.range?.[0] ?? 0);
  const message = `it’s hidden here, and what runs has none to go on with: write it out, or leave the setting out`;
  return { fault: { line, column: col, path: TOKEN.join('.'), message } };
}
