import type { Flight, LaunchOptions } from '../../../lib/dedup/flight.ts';
import { createSingleFlight, type SingleFlight } from '../../../lib/dedup/single-flight.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { RecordingOrigin, RecordingReader } from './recording-reader.ts';

/** Anybody may share. */
export const all = (): boolean => true;
export const broken = new PitwallError('origin_reset', 'The origin closed the connection.');

export interface Scene {
  readonly flights: SingleFlight<string, string>;
  readonly origin: RecordingOrigin;
  readonly flight: Flight<string, string>;
  readonly leader: RecordingReader;
  join(reader?: RecordingReader): RecordingReader;
}

/** A flight for the key "k" with its leader on board. */
export function scene(options: Partial<LaunchOptions & { windowBytes: number; budgetBytes: number }> = {}): Scene {
  const { limitBytes = 1_000, keepAlone = false, windowBytes = 100, budgetBytes = 10_000 } = options;
  const flights = createSingleFlight<string, string>({ windowBytes, budgetBytes });
  const origin = new RecordingOrigin();
  const flight = flights.launch('k', { limitBytes, keepAlone }, origin.start, origin.onStored);
  const join = (reader = new RecordingReader()): RecordingReader => {
    reader.seat = flight.join(reader);
    return reader;
  };
  return { flights, origin, flight, leader: join(), join };
}

/** Takes one chunk at a time. */
export function slow(): RecordingReader {
  const reader = new RecordingReader();
  reader.willing = false;
  return reader;
}

export function bytes(count: number, text = 'x'): Buffer {
  return Buffer.from(text.repeat(count), 'latin1');
}
