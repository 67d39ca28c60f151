import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../../lib/dedup/single-flight.ts';
import { all, broken, bytes, scene } from './flight-scene.ts';
import { microtasks, RecordingOrigin, RecordingReader } from './recording-reader.ts';

describe('a flight that stays alone', () => {
  it('runs to its end with nobody listening, and stores', async () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 1_000 });
    const origin = new RecordingOrigin();
    flights.launch('k', { limitBytes: 100, keepAlone: true }, origin.start, origin.onStored);
    origin.source.head('200', { shares: all, store: true });
    await microtasks();
    expect(origin.source.data(bytes(60))).toBe(true);
    origin.source.end([]);
    expect(origin.stored).toEqual(['x'.repeat(60)]);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('vets who comes later: the call wasn’t made for it', async () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 1_000 });
    const origin = new RecordingOrigin();
    const flight = flights.launch('k', { limitBytes: 100, keepAlone: true }, origin.start, origin.onStored);
    await microtasks();
    const reader = new RecordingReader();
    flight.join(reader);
    origin.source.head('200', { store: true });
    expect(reader.calls).toEqual(['refused']);
    expect(origin.cancels).toBe(0);
  });

  it('keeps its leader’s call when the leader leaves', () => {
    const { origin, leader } = scene({ keepAlone: true });
    leader.willing = false;
    origin.source.head('200', { store: true });
    origin.source.data(bytes(5));
    leader.seat?.leave();
    origin.source.data(bytes(5));
    origin.source.end([]);
    expect(origin.cancels).toBe(0);
    expect(origin.stored).toEqual(['x'.repeat(10)]);
  });

  it('lets a paused origin go on when its last reader leaves', () => {
    const { origin, leader } = scene({ keepAlone: true });
    leader.willing = false;
    origin.source.head('200', { store: false });
    expect(origin.source.data(bytes(5))).toBe(false);
    leader.seat?.leave();
    expect(origin.resumes).toBe(1);
    expect(origin.cancels).toBe(0);
  });

  it('reads at most a window for nothing', () => {
    const { flights, origin, leader } = scene({ keepAlone: true, windowBytes: 100 });
    leader.seat?.leave();
    origin.source.head('200', { shares: all, store: false });
    for (let i = 0; i < 10; i++) expect(origin.source.data(bytes(10))).toBe(true);
    expect(origin.cancels).toBe(0);
    origin.source.data(bytes(10));
    origin.source.data(bytes(10));
    expect(origin.cancels).toBe(1);
    expect(flights.inFlight).toBe(0);
  });
});

describe('starting', () => {
  it('holds what a source says at once until the leader sits', async () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 1_000 });
    for (const ends of [true, false]) {
      const stored: string[] = [];
      const flight = flights.launch(
        'k',
        { limitBytes: 100, keepAlone: false },
        (source) => {
          source.head('200', { shares: all, store: true });
          source.data(bytes(3));
          if (ends) source.end([]);
          else source.fail(broken);
          return { cancel: () => undefined, resume: () => undefined };
        },
        (body) => stored.push(body.toString()),
      );
      const leader = new RecordingReader();
      const second = new RecordingReader();
      flight.join(leader);
      flight.join(second);
      expect(leader.calls).toEqual([]);
      await microtasks();
      expect(leader.calls).toEqual(['head', 'data', ends ? 'end' : 'fail']);
      expect(second.calls).toEqual(leader.calls);
      expect(stored).toEqual(ends ? ['xxx'] : []);
    }
  });

  it('is over when start throws', () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 1_000 });
    const reader = new RecordingReader();
    expect(() =>
      flights.launch(
        'k',
        { limitBytes: 100, keepAlone: false },
        () => {
          flights.find('k')?.join(reader);
          throw new Error('no socket');
        },
        () => undefined,
      ),
    ).toThrow('no socket');
    expect(reader.error?.message).toBe('no socket');
    expect(flights.find('k')).toBeUndefined();
    expect(flights.inFlight).toBe(0);
  });

  it('cancels a call whose only reader left while it began', () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 1_000 });
    const origin = new RecordingOrigin();
    flights.launch(
      'k',
      { limitBytes: 100, keepAlone: false },
      (source) => {
        flights.find('k')?.join(new RecordingReader()).leave();
        return origin.start(source);
      },
      origin.onStored,
    );
    expect(origin.cancels).toBe(1);
  });

  it('puts a newer flight in the place of an older one, which doesn’t take it away when it ends', () => {
    const { flights, origin, leader } = scene();
    const second = new RecordingOrigin();
    const flight = flights.launch('k', { limitBytes: 9, keepAlone: false }, second.start, second.onStored);
    flight.join(new RecordingReader());
    expect(flights.find('k')).toBe(flight);
    origin.source.head('200', { store: true });
    origin.source.end([]);
    expect(leader.outcome).toBe('end');
    expect(flights.find('k')).toBe(flight);
    expect(flights.inFlight).toBe(1);
  });
});
