import type { ByteBudget } from './byte-budget.ts';

/** The chunks of one flight that somebody may still want, numbered from the body's first; paid for from the budget. */
export class FlightBuffer {
  readonly #budget: ByteBudget;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Number of the first chunk held: 0 as long as the body is whole. */
  first = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Number after the last chunk. */
  get end(): number {
    return this.first + this.#chunks.length;
  }

  /** False if the budget has no room. */
  hold(chunk: Buffer): boolean {
    if (!this.#budget.reserve(chunk.length)) return false;
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    return true;
  }

  /** Counts a chunk that went past an empty buffer. */
  skip(): void {
    this.first++;
  }

  at(index: number): Buffer {
    return this.#chunks[index - this.first] as Buffer;
  }

  dropBefore(index: number): void {
    const dropped = this.#chunks.splice(0, index - this.first);
    let bytes = 0;
    for (const chunk of dropped) bytes += chunk.length;
    this.#release(bytes);
    this.first += dropped.length;
  }

  clear(): void {
    this.#chunks = [];
    this.#release(this.#bytes);
  }

  /** The whole body in memory of its own: a chunk from a pool or a larger read would keep that alive. */
  body(): Buffer {
    const only = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    if (only !== undefined && only.length === only.buffer.byteLength) return only;
    const body = Buffer.allocUnsafeSlow(this.#bytes);
    let offset = 0;
    for (const chunk of this.#chunks) offset += chunk.copy(body, offset);
    return body;
  }

  #release(bytes: number): void {
    this.#bytes -= bytes;
    this.#budget.release(bytes);
  }
}
