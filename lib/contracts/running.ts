import './no-eval.ts';
import { z } from 'zod';
import { overviewTickSchema, serviceStateSchema } from './overview.ts';

/** Where the running configuration comes from. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample') }),
  z.object({ kind: z.literal('upstream'), url: z.string() }),
  z.object({ kind: z.literal('file'), file: z.string() }),
  z.object({ kind: z.literal('console') }),
]);
export type Source = z.infer<typeof sourceSchema>;

/** Answer of GET /api/config: what runs now, without secrets. */
export const runningConfigSchema = z.object({
  source: sourceSchema,
  /** Why the newest configuration file was refused; null when the running one is the newest. */
  error: z.string().nullable(),
  gateway: z.record(z.string(), z.unknown()).describe('Settings with every default filled in; ms and bytes.'),
  services: z.array(
    z.object({
      name: z.string(),
      sample: z.boolean(),
      hosts: z.array(z.string()).nullable().describe('null = any host'),
      mode: z.string(),
      targets: z.array(
        z.object({ url: z.string(), host: z.string(), connections: z.number(), ownAuthority: z.boolean() }),
      ),
      breaker: z.record(z.string(), z.number()),
      routes: z.array(
        z.object({
          name: z.string(),
          path: z.string(),
          methods: z.array(z.string()).nullable().describe('null = any method'),
          policy: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
});
export type RunningConfig = z.infer<typeof runningConfigSchema>;

/** Answer of GET /api/services. */
export const servicesSchema = z.object({ services: z.array(serviceStateSchema) });

/** Answer of GET /api/performance/health. */
export const healthSchema = overviewTickSchema.shape.health;

/** Answer of POST /api/sample/traffic. */
export const sampleTrafficStateSchema = z.object({ sampleTraffic: overviewTickSchema.shape.sampleTraffic });
