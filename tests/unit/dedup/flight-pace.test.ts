import { describe, expect, it } from 'vitest';
import { all, bytes, scene, slow } from './flight-scene.ts';
import { microtasks, RecordingReader } from './recording-reader.ts';

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
