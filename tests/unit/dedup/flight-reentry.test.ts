import { describe, expect, it } from 'vitest';
import { all, broken, bytes, scene, slow } from './flight-scene.ts';
import { microtasks, RecordingOrigin, RecordingReader } from './recording-reader.ts';

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
