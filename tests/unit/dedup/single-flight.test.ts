import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../../lib/dedup/single-flight.ts';
import { all, broken, bytes, scene } from './flight-scene.ts';
import { microtasks, RecordingOrigin, RecordingReader } from './recording-reader.ts';

describe('a flight', () => {
  it('gives one origin answer to everybody, and the body to the store before any end', async () => {
    const { flights, origin, flight, leader, join } = scene();
    const follower = join();
    expect(flights.find('k')).toBe(flight);
    expect(flight.readers).toBe(2);
    expect(flights.inFlight).toBe(1);
    origin.source.head('200', { shares: all, store: true });
    expect(origin.source.data(bytes(3, 'a'))).toBe(true);
    const late = join();
    await microtasks();
    expect(late.body).toBe('aaa');
    origin.source.data(bytes(2, 'b'));
    leader.on.end = () => expect(origin.stored).toEqual(['aaabb']);
    origin.source.end(['X-Sum', '1']);
    for (const reader of [leader, follower, late]) {
      expect(reader.head).toBe('200');
      expect(reader.body).toBe('aaabb');
      expect(reader.trailers).toEqual(['X-Sum', '1']);
      expect(reader.outcome).toBe('end');
    }
    expect(origin.stored).toEqual(['aaabb']);
    expect(origin.cancels).toBe(0);
    expect(flights.find('k')).toBeUndefined();
    expect(flights.inFlight).toBe(0);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('gives followers nothing until the head is judged, and refuses those who may not share', () => {
    const { origin, leader, join } = scene();
    const friend = join(new RecordingReader('friend'));
    const stranger = join(new RecordingReader('stranger'));
    expect([...leader.calls, ...friend.calls, ...stranger.calls]).toEqual([]);
    origin.source.head('200', { shares: (facts) => facts === 'friend', store: false });
    origin.source.data(bytes(1));
    expect(leader.calls).toEqual(['head', 'data']);
    expect(friend.calls).toEqual(['head', 'data']);
    expect(stranger.calls).toEqual(['refused']);
    stranger.seat?.leave();
    stranger.seat?.resume();
    expect(origin.cancels).toBe(0);
  });

  it('refuses every follower and takes no more of them where the answer is the leader’s alone', async () => {
    const { flights, origin, leader, join } = scene();
    const follower = join();
    let found: unknown = 'not asked';
    follower.on.refused = () => (found = flights.find('k'));
    origin.source.head('200', { store: false });
    expect(follower.calls).toEqual(['refused']);
    expect(found).toBeUndefined();
    const late = join();
    expect(late.calls).toEqual([]);
    await microtasks();
    expect(late.calls).toEqual(['refused']);
    expect(leader.calls).toEqual(['head']);
  });

  it('vets who joins after the head, and tells one that has left nothing', async () => {
    const { origin, join } = scene();
    origin.source.head('200', { shares: (facts) => facts === 'plain', store: true });
    const stranger = join(new RecordingReader('stranger'));
    const leaver = join(new RecordingReader('stranger'));
    leaver.seat?.leave();
    const quick = join();
    quick.seat?.resume();
    quick.seat?.leave();
    await microtasks();
    expect(stranger.calls).toEqual(['refused']);
    expect(leaver.calls).toEqual([]);
    expect(quick.calls).toEqual([]);
  });

  it('takes a judge that throws for a no', () => {
    const { origin, join } = scene();
    const follower = join();
    origin.source.head('200', {
      shares: () => {
        throw new Error('judge');
      },
      store: false,
    });
    expect(follower.calls).toEqual(['refused']);
  });

  it('keeps the body for late readers while several share it, though nothing is stored', async () => {
    const { flights, origin, leader, join } = scene();
    const follower = join();
    origin.source.head('200', { shares: all, store: false });
    origin.source.data(bytes(5));
    const late = join();
    follower.seat?.leave();
    await microtasks();
    expect(late.body).toHaveLength(5);
    origin.source.data(bytes(5));
    late.seat?.leave();
    expect(flights.find('k')).toBeUndefined();
    expect(flights.bufferedBytes).toBe(0);
    origin.source.end([]);
    expect(leader.body).toHaveLength(10);
    expect(origin.stored).toEqual([]);
  });

  it('doesn’t mind its leader leaving while others wait', () => {
    const { origin, leader, join } = scene();
    const follower = join();
    leader.seat?.leave();
    expect(origin.cancels).toBe(0);
    origin.source.head('200', { shares: all, store: true });
    origin.source.data(bytes(4));
    origin.source.end([]);
    expect(leader.calls).toEqual([]);
    expect(follower.outcome).toBe('end');
    expect(origin.stored).toEqual(['xxxx']);
  });

  it('cancels the origin call once when the last reader leaves, before or after the head', () => {
    for (const withHead of [false, true]) {
      const { flights, origin, leader, join } = scene();
      const follower = join();
      if (withHead) {
        origin.source.head('200', { shares: all, store: true });
        origin.source.data(bytes(4));
      }
      leader.seat?.leave();
      follower.seat?.leave();
      follower.seat?.leave();
      expect(origin.cancels).toBe(1);
      expect(flights.find('k')).toBeUndefined();
      expect(flights.inFlight).toBe(0);
      expect(flights.bufferedBytes).toBe(0);
      origin.source.data(bytes(4));
      origin.source.end([]);
      expect(origin.stored).toEqual([]);
    }
  });

  it('cancels when the head refuses all who are left', () => {
    const { origin, leader, join } = scene();
    const follower = join();
    leader.seat?.leave();
    origin.source.head('200', { store: true });
    expect(follower.calls).toEqual(['refused']);
    expect(origin.cancels).toBe(1);
  });

  it('fails every reader when the origin fails, and stores nothing', async () => {
    for (const withHead of [false, true]) {
      const { flights, origin, leader, join } = scene();
      const follower = join();
      if (withHead) origin.source.head('200', { shares: all, store: true });
      if (withHead) origin.source.data(bytes(4));
      const late = join();
      origin.source.fail(broken);
      origin.source.end([]);
      await microtasks();
      for (const reader of [leader, follower, late]) {
        expect(reader.outcome).toBe('fail');
        expect(reader.error).toBe(broken);
      }
      expect(origin.stored).toEqual([]);
      expect(origin.cancels).toBe(0);
      expect(flights.inFlight).toBe(0);
      expect(flights.bufferedBytes).toBe(0);
    }
  });

  it('takes a body without a head for a failure of the caller', () => {
    const { origin, leader } = scene();
    origin.source.data(bytes(1));
    expect(leader.calls).toEqual(['fail']);
    expect(leader.error?.code).toBe('internal');
  });

  it('stores an empty body', () => {
    const { origin, leader } = scene();
    origin.source.head('204', { shares: all, store: true });
    origin.source.data(Buffer.alloc(0));
    origin.source.end([]);
    expect(origin.stored).toEqual(['']);
    expect(leader.outcome).toBe('end');
  });

  it('gives the store a body that keeps no larger memory alive', () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 10_000 });
    for (const chunks of [[bytes(3)], [Buffer.from(new ArrayBuffer(3))], [bytes(2), bytes(1)]]) {
      const origin = new RecordingOrigin();
      let stored: Buffer | undefined;
      const flight = flights.launch('k', { limitBytes: 9, keepAlone: false }, origin.start, (body) => (stored = body));
      flight.join(new RecordingReader());
      origin.source.head('200', { store: true });
      for (const chunk of chunks) origin.source.data(chunk);
      origin.source.end([]);
      expect(stored?.equals(Buffer.concat(chunks))).toBe(true);
      expect(stored?.buffer.byteLength).toBe(3);
    }
  });

  it('tells the caller of the end what the store threw, after the readers had their end', () => {
    const flights = createSingleFlight<string, string>({ windowBytes: 100, budgetBytes: 100 });
    const origin = new RecordingOrigin();
    const reader = new RecordingReader();
    const flight = flights.launch('k', { limitBytes: 9, keepAlone: false }, origin.start, () => {
      throw new Error('full');
    });
    flight.join(reader);
    origin.source.head('200', { store: true });
    expect(() => origin.source.end([])).toThrow('full');
    expect(reader.outcome).toBe('end');
  });
});
