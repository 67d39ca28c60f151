/** A line of two texts laid over each other. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Most pairs of lines that are compared; past it both texts are shown one after the other. */
const MOST_PAIRS = 250_000;

const linesOf = (value: unknown): string[] =>
  value === null || value === undefined ? [] : JSON.stringify(value, sortKeys, 2).split('\n');

/** Keys in one order on both sides: an order isn't a change. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Lengths of the longest common subsequences of what follows each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const [row, below] = [rows[i], rows[i + 1]];
      if (row === undefined || below === undefined) continue;
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

/** What went and what came between two values, line by line of their JSON. Nothing is no line. */
export function jsonDiff(before: unknown, after: unknown): DiffLine[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  const gone = (text: string): DiffLine => ({ sign: '-', text });
  const came = (text: string): DiffLine => ({ sign: '+', text });
  if (left.length * right.length > MOST_PAIRS) return [...left.map(gone), ...right.map(came)];
  const lengths = commonLengths(left, right);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && a === b) {
      lines.push({ sign: ' ', text: a });
      i += 1;
      j += 1;
    } else if (a !== undefined && (b === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push(gone(a));
      i += 1;
    } else if (b !== undefined) {
      lines.push(came(b));
      j += 1;
    }
  }
  return lines;
}
