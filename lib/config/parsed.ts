import type { z } from 'zod';
import type { configSchema } from '../contracts/policy.ts';

/** A configuration as the schema leaves it: durations in ms, sizes in bytes, defaults not filled in yet. */
export type ParsedConfig = z.output<typeof configSchema>;
export type ParsedService = ParsedConfig['services'][number];
export type ParsedPolicy = NonNullable<ParsedService['policy']>;
