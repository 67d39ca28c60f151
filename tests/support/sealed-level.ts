import type { Level } from '../../lib/cache/level.ts';
import { createSealKey, KEY_BYTES, type SealKey } from '../../lib/cache/seal/seal-key.ts';
import { createSealedLevel, type SealedLevel, type SealedLevelOptions } from '../../lib/cache/seal/sealed-level.ts';
import type { Timebase } from '../../lib/cache/timebase.ts';

/** A key like no other of another number. */
export function testKey(number: number): SealKey {
  return createSealKey(Buffer.alloc(KEY_BYTES, number));
}

/** A level in front of another that encrypts whatever it is given. */
export function sealAll(
  level: Level,
  timebase: Timebase,
  change: Partial<Omit<SealedLevelOptions, 'level' | 'timebase'>> = {},
): SealedLevel {
  return createSealedLevel({
    level,
    timebase,
    keys: [testKey(1)],
    seals: () => true,
    onWarning() {},
    ...change,
  });
}
