import './no-eval.ts';
import { z } from 'zod';
import { sourceSchema } from './running.ts';

/** Most bytes of a configuration's text. */
export const CONFIG_BYTES = 1_048_576;
/** Most bytes of a JSON body with such a text: a few of its characters take two or more there. */
export const CONFIG_BODY = 2 * CONFIG_BYTES;

/** The first 12 hex digits of the SHA-256 of its text, secrets taken out. */
export const versionIdSchema = z.string().regex(/^[0-9a-f]{12}$/, 'expected 12 hex digits');
const id = versionIdSchema.describe('The first 12 hex digits of the SHA-256 of its text');

/** start: it ran when Pitwall started. file: its file changed. import, restore: somebody did it here. */
export const VERSION_WAYS = ['start', 'file', 'import', 'restore'] as const;

/** What the journal says of a version that came to run. */
export const versionNoteSchema = z.object({
  version: id,
  previous: versionIdSchema.nullable().describe('What ran before; null where that was no version'),
  way: z.enum(VERSION_WAYS).describe('How it came to run'),
  source: sourceSchema,
  words: z.string().describe('What it changed'),
});
export type VersionNote = z.infer<typeof versionNoteSchema>;

/** What the journal calls the commands by which a version comes to run. */
export const VERSION_ACTIONS = ['takeConfig', 'importConfig', 'restoreConfig'] as const;

export const configVersionSchema = versionNoteSchema
  .omit({ version: true })
  .extend({
    id,
    at: z.number().describe('ms since the epoch'),
    actor: z.string().describe('local, person:ID, token:ID or engine'),
    who: z.string().nullable().describe('The name, while it isn’t erased'),
  })
  .meta({ id: 'ConfigVersion', description: 'A configuration that came to run' });
export type ConfigVersion = z.infer<typeof configVersionSchema>;

/** What runs, and whether it can be changed here. */
export const runningVersionSchema = z.object({
  id,
  source: sourceSchema,
  readOnly: z.string().nullable().describe('Why it can’t be changed here, a sentence; null where it can'),
});
export type RunningVersion = z.infer<typeof runningVersionSchema>;

/** GET /api/config/versions. */
export const versionListSchema = z.object({
  running: runningVersionSchema.nullable().describe('Null in a console without a gateway'),
  versions: z.array(configVersionSchema).describe('Newest first; the same one may have come to run more than once'),
  next: z.string().nullable().describe('The next page: ?after=…; null at the end'),
});
export type VersionList = z.infer<typeof versionListSchema>;

export const versionListQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most versions of one page'),
  after: z.string().max(200).optional().describe('Where the page begins: "next" of the page before'),
});
export type VersionListQuery = z.infer<typeof versionListQuerySchema>;

const lineNumber = z.number().int().nullable();

export const diffLineSchema = z.object({
  sign: z.enum([' ', '-', '+']),
  before: lineNumber.describe('Its number in the text before; null where it’s new'),
  after: lineNumber.describe('Its number in the text after; null where it’s gone'),
  text: z.string(),
});
export type DiffLine = z.infer<typeof diffLineSchema>;

export const configDiffSchema = z
  .object({
    added: z.number().int().describe('Lines'),
    removed: z.number().int().describe('Lines'),
    hunks: z.array(z.array(diffLineSchema)).describe('What changed, each with up to 3 lines around it'),
    cut: z.boolean().describe('There is more than is shown'),
    tooDifferent: z.boolean().describe('So much differs that the texts are best read one by one'),
  })
  .meta({ id: 'ConfigDiff', description: 'What differs between two texts, line by line' });
export type ConfigDiff = z.infer<typeof configDiffSchema>;

/** GET /api/config/versions/{id}. */
export const versionParamsSchema = z.object({ id: id.describe('Of the version') });
export const versionQuerySchema = z.object({
  against: z
    .union([versionIdSchema, z.literal('running')])
    .optional()
    .describe('What it’s compared with: a version’s id, or running; default the version before it'),
});

export const versionTextSchema = z.object({
  id,
  yaml: z.string().describe('As it was written; [redacted] stands for secrets'),
  against: versionIdSchema.nullable().describe('What it’s compared with; null where that isn’t known or kept'),
  diff: configDiffSchema.nullable(),
});
export type VersionText = z.infer<typeof versionTextSchema>;

const yaml = z
  .string()
  .max(CONFIG_BYTES)
  .describe('The whole configuration, at most 1 MiB; where it says [redacted] for a secret, the one that runs stays');

/** POST /api/config/check. */
export const checkConfigSchema = z.strictObject({ yaml });

export const configFaultSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  path: z.string().describe('The setting, such as services[0].routes[1].policy.ttl'),
  message: z.string(),
});
export type ConfigFault = z.infer<typeof configFaultSchema>;

export const configCheckSchema = z.object({
  faults: z.array(configFaultSchema).describe('What is wrong, at most 100; empty where it can run'),
  version: versionIdSchema.nullable().describe('What its id would be; null where it can’t run'),
  base: versionIdSchema.describe('What runs, and what it was compared with'),
  words: z.string().nullable().describe('What it would change; null where it can’t run'),
  diff: configDiffSchema.nullable().describe('Against what runs; null where it can’t run'),
});
export type ConfigCheck = z.infer<typeof configCheckSchema>;

/** POST /api/config. */
export const importConfigSchema = z.strictObject({
  yaml,
  base: versionIdSchema.optional().describe('Of the check: where something else runs by now, nothing is changed'),
});
export type ImportConfig = z.infer<typeof importConfigSchema>;
