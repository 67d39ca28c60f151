import { describe, expect, it } from 'vitest';
import { createSingleFlight, type SingleFlight } from '../../../lib/dedup/single-flight.ts';
import type { Flight, LaunchOptions } from '../../../lib/dedup/flight.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { microtasks, RecordingOrigin, RecordingReader } from './recording-reader.ts';

const all = (): boolean => true;
const broken = new PitwallError('origin_reset', 'The origin closed the connection.');

interface Scene {
  readonly flights: SingleFlight<string, string>;
  readonly origin: RecordingOrigin;
  readonly flight: Flight<string, string>;
  readonly leader: RecordingReader;
  join(reader?: RecordingReader): RecordingReader;
}

/** A flight for the key "k" with its leader on board. */
function scene(options: Partial<LaunchOptions & { windowBytes: number; budgetBytes: number }> = {}): Scene {
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

function slow(): RecordingReader {
  const reader = new RecordingReader();
  reader.willing = false;
  return reader;
}

function bytes(count: number, text = 'x'): Buffer {
  return Buffer.from(text.repeat(count), 'latin1');
}

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

describe('the pace', () => {
  it('is the only reader’s when nothing is stored', () => {
    const { flights, origin, leader, join } = scene({ windowBytes: 5 });
    leader.willing = false;
    origin.source.head('200', { shares: all, store: false });
    expect(origin.source.data(bytes(50))).toBe(false);
    expect(flights.bufferedBytes).toBe(0);
    expect(flights.find('k')).toBeUndefined();
    leader.seat?.resume();
    expect(origin.resumes).toBe(1);
    expect(origin.source.data(bytes(50))).toBe(false);
    expect(leader.outcome).toBeUndefined();
    expect(join(new RecordingReader()).calls).toEqual([]);
  });

  it('is the origin’s while the body is collected for the store', () => {
    const { flights, origin, leader } = scene();
    leader.willing = false;
    origin.source.head('200', { shares: all, store: true });
    expect(origin.source.data(bytes(50))).toBe(true);
    expect(origin.source.data(bytes(50))).toBe(true);
    expect(leader.body).toHaveLength(50);
    expect(flights.bufferedBytes).toBe(100);
    origin.source.end([]);
    expect(origin.stored).toEqual(['x'.repeat(100)]);
    expect(leader.outcome).toBeUndefined();
    expect(flights.bufferedBytes).toBe(50);
    leader.seat?.resume();
    expect(leader.calls).toEqual(['head', 'data', 'data', 'end']);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('is never the slowest’s: past the limit a reader beyond the window is cut, one within it is not', () => {
    const { flights, origin, leader, join } = scene({ limitBytes: 100, windowBytes: 60 });
    const stuck = join(slow());
    const lagging = join(slow());
    origin.source.head('200', { shares: all, store: true });
    origin.source.data(bytes(50));
    origin.source.data(bytes(50));
    expect(flights.find('k')).toBeDefined();
    lagging.seat?.resume();
    expect(origin.source.data(bytes(20))).toBe(true);
    expect(flights.find('k')).toBeUndefined();
    expect(stuck.error?.code).toBe('lagging_reader');
    expect(stuck.body).toHaveLength(50);
    expect(lagging.outcome).toBeUndefined();
    expect(flights.bufferedBytes).toBe(20);
    origin.source.end([]);
    expect(leader.body).toHaveLength(120);
    expect(leader.outcome).toBe('end');
    lagging.willing = true;
    lagging.seat?.resume();
    expect(lagging.body).toHaveLength(120);
    expect(lagging.outcome).toBe('end');
    expect(origin.stored).toEqual([]);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('drops what every reader has had once past the limit, and what only a leaver needed', () => {
    const { flights, origin, join } = scene({ limitBytes: 10, windowBytes: 1_000 });
    const stuck = join(slow());
    origin.source.head('200', { shares: all, store: true });
    origin.source.data(bytes(5));
    origin.source.data(bytes(5));
    origin.source.data(bytes(5));
    expect(flights.bufferedBytes).toBe(10);
    stuck.seat?.leave();
    expect(flights.bufferedBytes).toBe(0);
  });

  it('goes on when a willing reader leaves only a full one that later resumes', () => {
    const { origin, leader, join } = scene({ windowBytes: 1_000 });
    const other = join(slow());
    origin.source.head('200', { shares: all, store: false });
    expect(origin.source.data(bytes(5))).toBe(true);
    leader.seat?.leave();
    expect(origin.source.data(bytes(5))).toBe(false);
    other.willing = true;
    other.seat?.resume();
    expect(origin.resumes).toBe(1);
    expect(other.body).toHaveLength(10);
  });

  it('survives a source that answers a resume at once, and a reader that resumes from within', () => {
    const { origin, leader } = scene();
    leader.willing = false;
    leader.on.data = () => leader.seat?.resume();
    origin.source.head('200', { store: false });
    expect(origin.source.data(bytes(1))).toBe(true);
    leader.on = {};
    expect(origin.source.data(bytes(1))).toBe(false);
    let left = 3;
    origin.onResume = () => {
      if (left-- > 0) origin.source.data(bytes(1));
      else origin.source.end([]);
    };
    for (let i = 0; i < 4; i++) leader.seat?.resume();
    expect(leader.body).toHaveLength(5);
    expect(leader.outcome).toBe('end');
  });

  it('hands a reader one chunk after the other, however it resumes', () => {
    const { origin, leader } = scene();
    leader.willing = false;
    origin.source.head('200', { store: true });
    for (let i = 0; i < 5; i++) origin.source.data(bytes(1));
    let depth = 0;
    leader.on.data = () => {
      expect(++depth).toBe(1);
      leader.seat?.resume();
      depth--;
    };
    leader.seat?.resume();
    expect(leader.body).toHaveLength(5);
    expect(leader.outcome).toBeUndefined();
  });

  it('queues what the source says while readers are being told', () => {
    const { origin, leader, join } = scene();
    const follower = join();
    leader.on.head = () => {
      leader.on = {};
      expect(origin.source.data(bytes(2))).toBe(false);
      origin.source.end([]);
    };
    origin.source.head('200', { shares: all, store: true });
    for (const reader of [leader, follower]) expect(reader.calls).toEqual(['head', 'data', 'end']);
    expect(origin.stored).toEqual(['xx']);
  });

  it('resumes a source that was told to wait only because it spoke too early', () => {
    const { origin, leader } = scene();
    leader.on.head = () => {
      leader.on = {};
      origin.source.data(bytes(2));
    };
    origin.source.head('200', { shares: all, store: true });
    expect(origin.resumes).toBe(1);
    expect(leader.body).toBe('xx');
  });
});

describe('the shared budget', () => {
  it('ends collecting when it’s used up, and loses no reader a byte', () => {
    const { flights, origin, leader, join } = scene({ budgetBytes: 10, windowBytes: 100 });
    const stuck = join(slow());
    origin.source.head('200', { shares: all, store: true });
    origin.source.data(bytes(8));
    expect(flights.bufferedBytes).toBe(8);
    origin.source.data(bytes(8));
    expect(flights.find('k')).toBeUndefined();
    expect(flights.bufferedBytes).toBe(8);
    origin.source.data(bytes(8));
    expect(flights.bufferedBytes).toBe(0);
    expect(stuck.body).toHaveLength(24);
    origin.source.end([]);
    expect(leader.body).toHaveLength(24);
    expect(stuck.outcome).toBe('end');
    expect(origin.stored).toEqual([]);
  });

  it('cuts a reader that is forced beyond the window', () => {
    const { flights, origin, join } = scene({ budgetBytes: 10, windowBytes: 20 });
    const stuck = join(slow());
    origin.source.head('200', { shares: all, store: true });
    for (let i = 0; i < 6; i++) {
      origin.source.data(bytes(8));
      expect(flights.bufferedBytes).toBeLessThanOrEqual(10);
    }
    expect(stuck.error?.code).toBe('lagging_reader');
    expect(stuck.body.length).toBeLessThanOrEqual(8 + 20 + 8);
  });

  it('pauses the origin rather than read ahead into the last of it', () => {
    const { flights, origin, leader } = scene({ budgetBytes: 160 });
    leader.willing = false;
    origin.source.head('200', { store: true });
    expect(origin.source.data(bytes(140))).toBe(true);
    expect(origin.source.data(bytes(10))).toBe(false);
    leader.seat?.resume();
    expect(origin.resumes).toBe(0);
    leader.willing = true;
    leader.seat?.resume();
    expect(origin.resumes).toBe(1);
    origin.source.data(bytes(10));
    origin.source.end([]);
    expect(origin.stored).toEqual(['x'.repeat(160)]);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('seats a reader at once when its chunks can’t wait', async () => {
    const { origin, join } = scene({ budgetBytes: 10 });
    origin.source.head('200', { shares: all, store: true });
    origin.source.data(bytes(8));
    const late = join();
    origin.source.data(bytes(8));
    expect(late.calls).toEqual(['head', 'data', 'data']);
    await microtasks();
    expect(late.calls).toEqual(['head', 'data', 'data']);
  });
});

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

describe('readers that act from inside their callbacks', () => {
  it('may throw: that counts as leaving and harms nobody', async () => {
    for (const call of ['head', 'data', 'end', 'fail', 'refused'] as const) {
      const { flights, origin, leader, join } = scene();
      const bad = join(new RecordingReader(call === 'refused' ? 'stranger' : 'plain'));
      bad.on[call] = () => {
        throw new Error('reader');
      };
      origin.source.head('200', { shares: (facts) => facts === 'plain', store: true });
      origin.source.data(bytes(2));
      if (call === 'fail') origin.source.fail(broken);
      else origin.source.end([]);
      await microtasks();
      expect(leader.outcome).toBe(call === 'fail' ? 'fail' : 'end');
      expect(bad.calls.at(-1)).toBe(call);
      expect(flights.bufferedBytes).toBe(0);
    }
  });

  it('cancel the call when the only one throws, passed or buffered', () => {
    for (const store of [true, false]) {
      const { flights, origin, leader } = scene();
      leader.on.data = () => {
        throw new Error('reader');
      };
      origin.source.head('200', { store });
      origin.source.data(bytes(2));
      expect(origin.cancels).toBe(1);
      expect(flights.bufferedBytes).toBe(0);
    }
  });

  it('may send one another away', () => {
    const { origin, leader, join } = scene();
    const other = join();
    leader.on.head = () => other.seat?.leave();
    origin.source.head('200', { shares: all, store: true });
    expect(other.calls).toEqual([]);
    leader.on.data = () => leader.seat?.leave();
    origin.source.data(bytes(2));
    expect(origin.cancels).toBe(1);
    expect(leader.calls).toEqual(['head', 'data']);
  });

  it('may join and launch', async () => {
    const { flights, origin, leader, join } = scene();
    const joined: RecordingReader[] = [];
    const stranger = join(new RecordingReader('stranger'));
    const own = new RecordingOrigin();
    const again = new RecordingReader();
    stranger.on.refused = () => {
      flights.launch('alone', { limitBytes: 9, keepAlone: false }, own.start, own.onStored).join(again);
    };
    leader.on.data = () => joined.push(join());
    origin.source.head('200', { shares: (facts) => facts === 'plain', store: true });
    origin.source.data(bytes(2));
    origin.source.data(bytes(2));
    origin.source.end([]);
    own.source.head('200', { store: false });
    own.source.end([]);
    await microtasks();
    expect(joined.map((reader) => [reader.body, reader.outcome])).toEqual([
      ['xxxx', 'end'],
      ['xxxx', 'end'],
    ]);
    expect(again.calls).toEqual(['head', 'end']);
    expect(flights.bufferedBytes).toBe(0);
  });

  it('may send the last but one away while laggards are cut, which saves the last', () => {
    const { origin, leader, join } = scene({ limitBytes: 10, windowBytes: 5 });
    const first = join(slow());
    const second = join(slow());
    first.on.fail = () => leader.seat?.leave();
    origin.source.head('200', { shares: all, store: true });
    for (let i = 0; i < 3; i++) origin.source.data(bytes(5));
    expect(first.error?.code).toBe('lagging_reader');
    expect(second.outcome).toBeUndefined();
    expect(origin.cancels).toBe(0);
  });
});
