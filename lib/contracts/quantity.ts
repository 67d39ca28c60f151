import './no-eval.ts';
import { z } from 'zod';

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const;
const DURATION_EXPECTED = 'expected a duration such as 250ms, 30s, 5m, 1h or 30d';
const SIZE_EXPECTED = 'expected a size such as 64KiB, 16MiB or 1GiB';

/** A duration: "250ms", "30s", "5m", "1h", "30d", or a number of milliseconds. Yields milliseconds. */
export const duration = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, DURATION_EXPECTED)], DURATION_EXPECTED)
  .transform((value) => {
    if (typeof value === 'number') return value;
    const unit = /[a-z]+$/.exec(value)?.[0] as keyof typeof DURATION_UNITS;
    return Number.parseFloat(value) * DURATION_UNITS[unit];
  });

/** A size: "512B", "64KiB", "16MiB", "1GiB", or a number of bytes. Yields bytes. */
export const size = z
  .union([z.number().int().min(0), z.string().regex(/^\d+(\.\d+)?(B|KiB|MiB|GiB)$/, SIZE_EXPECTED)], SIZE_EXPECTED)
  .transform((value) => {
    if (typeof value === 'number') return value;
    const unit = /[A-Za-z]+$/.exec(value)?.[0] as keyof typeof SIZE_UNITS;
    return Math.floor(Number.parseFloat(value) * SIZE_UNITS[unit]);
  });
