import type { FlightControl, FlightReader, FlightSource, Seat } from '../../../lib/dedup/flight.ts';
import type { PitwallError } from '../../../lib/kernel/errors.ts';

export type Call = 'head' | 'data' | 'end' | 'fail' | 'refused';

/** A reader that writes down what it's told. `willing` answers onData; `on` lets a test act from inside a callback. */
export class RecordingReader implements FlightReader<string, string> {
  readonly facts: string;
  readonly calls: Call[] = [];
  head: string | undefined;
  trailers: readonly string[] | undefined;
  error: PitwallError | undefined;
  seat: Seat | undefined;
  willing = true;
  on: Partial<Record<Call, () => void>> = {};
  #chunks: Buffer[] = [];

  constructor(facts = 'plain') {
    this.facts = facts;
  }

  get body(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  /** The terminal call, if there was one. */
  get outcome(): Call | undefined {
    return this.calls.find((call) => call === 'end' || call === 'fail' || call === 'refused');
  }

  onHead(head: string): void {
    this.calls.push('head');
    this.head = head;
    this.on.head?.();
  }

  onData(chunk: Buffer): boolean {
    this.calls.push('data');
    this.#chunks.push(chunk);
    this.on.data?.();
    return this.willing;
  }

  onEnd(trailers: readonly string[]): void {
    this.calls.push('end');
    this.trailers = trailers;
    this.on.end?.();
  }

  onFail(error: PitwallError): void {
    this.calls.push('fail');
    this.error = error;
    this.on.fail?.();
  }

  onRefused(): void {
    this.calls.push('refused');
    this.on.refused?.();
  }
}

/** An origin call as a flight sees it. */
export class RecordingOrigin {
  source!: FlightSource<string, string>;
  cancels = 0;
  resumes = 0;
  readonly stored: string[] = [];
  onResume: (() => void) | undefined;

  readonly start = (source: FlightSource<string, string>): FlightControl => {
    this.source = source;
    return {
      cancel: () => {
        this.cancels++;
      },
      resume: () => {
        this.resumes++;
        this.onResume?.();
      },
    };
  };

  readonly onStored = (body: Buffer): void => {
    this.stored.push(body.toString('latin1'));
  };
}

/** Lets everything run that waits for a microtask. */
export async function microtasks(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}
