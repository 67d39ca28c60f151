import type { ClearMode, ClearRecord, ClearScope, ClearSource } from '../cache/clear-record.ts';
import type { Job } from '../contracts/job.ts';
import type { JobOutcome } from '../queue/job.ts';
import type { JobRun, JobRunner } from '../queue/job-run.ts';
import { asPitwallError, isPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Redactor } from '../kernel/redact.ts';
import { normalScope } from './clear-scope.ts';
import type { Fleet } from './fleet.ts';
import type { JobService } from './job-service.ts';

/** Most characters of what a clear names in its job's title: with the service and the mode, a title is under 200. */
const SHOWN = 100;

/** Clearing and undoing, each a job that says of every worker of every instance whether it has followed. */
export interface Clears {
  /**
   * Writes the clear down, then follows it as a job of kind `clear`: when this resolves, every instance that can reach
   * the log takes notice within its bound. Rejects with `storage_unavailable` when it can't be written down, and with
   * `validation_failed` for a key or prefix that no URL of the gateway's is or begins with.
   */
  clear(scope: ClearScope, mode: ClearMode): Promise<Job>;
  /** Voids the clear of a job. Rejects with `not_found`, and with `conflict` unless it is a soft clear. */
  undo(jobId: string): Promise<Job>;
}

/** What a job of kind `clear` or `undo` was asked to do. */
interface ClearInput {
  /** Without secrets. */
  readonly scope: ClearScope;
  readonly mode: ClearMode;
  readonly record: Pick<ClearRecord, 'id' | 'number'>;
}
type UndoInput = ClearInput & {
  /** The job that is undone. */
  readonly job: string;
};

/** What such a job found: on how many workers the clear is in force, and on how many nobody knows. */
interface ClearResult {
  readonly record: ClearInput['record'];
  readonly confirmed: number;
  readonly unconfirmed: number;
}

export function createClears({
  source,
  redactor,
  jobs,
}: {
  readonly source: ClearSource;
  /** Takes secrets out of what the job shows; the clear log has the scope as it is. */
  readonly redactor: Pick<Redactor, 'url' | 'text'>;
  readonly jobs: Pick<JobService, 'add' | 'find'>;
}): Clears {
  async function append(draft: Parameters<ClearSource['append']>[0]): Promise<ClearInput['record']> {
    try {
      const { id, number } = await source.append(draft);
      return { id, number };
    } catch (cause) {
      // To undo a clear that was folded.
      if (isPitwallError(cause) && cause.code === 'not_found') throw cause;
      throw new PitwallError(
        'storage_unavailable',
        "Nothing was cleared: the clear log can't be written at the moment.",
        { cause, retryAfter: 1 },
      );
    }
  }

  async function follow(kind: 'clear' | 'undo', title: string, input: ClearInput | UndoInput): Promise<Job> {
    try {
      return await jobs.add({ kind, title, input, priority: 'high', unit: 'workers' });
    } catch (cause) {
      const { code, message } = asPitwallError(cause);
      throw new PitwallError(code, `The clear log has it, but no job reports on it: ${message}`, { cause });
    }
  }

  return {
    async clear(given, mode) {
      const scope = normalScope(given);
      const record = await append({ scope, mode });
      const shown = shownScope(redactor, scope);
      const title = `Clear ${describeScope(shown)}${mode === 'hard' ? ', hard' : ''}`;
      return follow('clear', title, { scope: shown, mode, record });
    },
    async undo(jobId) {
      const job = await jobs.find(jobId);
      const cleared = job.kind === 'clear' ? (job.input as ClearInput) : undefined;
      if (cleared === undefined) throw new PitwallError('conflict', 'Only a clear can be undone.');
      if (cleared.mode !== 'soft') {
        throw new PitwallError('conflict', "A hard clear can't be undone: what it cleared is gone.");
      }
      const record = await append({ voids: cleared.record.id });
      const { scope, mode } = cleared;
      return follow('undo', `Undo: clear ${describeScope(scope)}`, { scope, mode, record, job: jobId });
    },
  };
}

/** The runners of both kinds: every worker of every instance is told to follow the log, and each answer is kept. */
export function clearRunners(fleet: Pick<Fleet, 'commandWorkers'>): Record<'clear' | 'undo', JobRunner> {
  async function run({ input, progress, outcome }: JobRun): Promise<ClearResult> {
    const record = recordOf(input);
    const commanded = await fleet.commandWorkers({ type: 'follow-clears', number: record.number });
    const outcomes = commanded.map(({ instance, worker = 0, error }): JobOutcome => {
      const state = error === undefined ? 'confirmed' : 'unconfirmed';
      return { instance, worker, state, detail: error?.message ?? null };
    });
    for (const each of outcomes) outcome(each);
    const result = clearResult(record, outcomes);
    progress(result.confirmed, outcomes.length);
    return result;
  }
  return { clear: run, undo: run };
}

/** The record of the clear log that a job of kind `clear` or `undo` follows. */
export function recordOf(input: unknown): ClearInput['record'] {
  return (input as ClearInput).record;
}

export function clearResult(record: ClearInput['record'], outcomes: readonly JobOutcome[]): ClearResult {
  const confirmed = outcomes.filter(({ state }) => state === 'confirmed').length;
  return { record, confirmed, unconfirmed: outcomes.length - confirmed };
}

/** The scope as people may see it. */
function shownScope({ url, text }: Pick<Redactor, 'url' | 'text'>, scope: ClearScope): ClearScope {
  if ('key' in scope) return { key: url(scope.key) };
  if ('prefix' in scope) return { ...scope, prefix: url(scope.prefix) };
  return 'glob' in scope ? { ...scope, glob: text(scope.glob) } : scope;
}

function describeScope(scope: ClearScope): string {
  if ('all' in scope) return 'everything';
  const within = 'service' in scope && scope.service !== undefined ? ` of service ${scope.service}` : '';
  if ('key' in scope) return shown(scope.key);
  if ('tag' in scope) return `tag ${shown(scope.tag)}${within}`;
  if ('prefix' in scope) return `${scope.prefix.slice(0, SHOWN)}…${within}`;
  if ('glob' in scope) return `${shown(scope.glob)}${within}`;
  return `service ${scope.service}`;
}

function shown(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
