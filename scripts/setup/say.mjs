/** One line for the operator, on stderr so that stdout stays the product's. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A fault that is told in its one sentence, without a stack. */
export class Plain extends Error {}

/** "1.2 s" or "340 ms". @param {number} ms */
export function inWords(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
