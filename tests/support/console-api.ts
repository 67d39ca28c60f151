import type { ClearInput } from '../../lib/contracts/clear.ts';
import type { Job } from '../../lib/contracts/job.ts';
import type { Overview } from '../../lib/contracts/overview.ts';
import { eventually } from './eventually.ts';

/** The console's API as a script would call it. */
export interface ConsoleApi {
  overview(): Promise<Overview>;
  /** Resolves with the job that clears. Rejects with the problem's code and detail. */
  clear(input: ClearInput | { scope: ClearInput['scope'] }): Promise<Job>;
  undo(id: string): Promise<Job>;
  job(id: string): Promise<Job>;
  /** The job once it has ended. */
  ended(id: string, deadlineMs?: number): Promise<Job>;
}

export function consoleApi(url: string): ConsoleApi {
  async function call<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(url + path, {
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as T & { code?: string; detail?: string };
    if (!response.ok) throw Object.assign(new Error(`${answer.code}: ${answer.detail}`), { code: answer.code });
    return answer;
  }
  const job = (id: string): Promise<Job> => call(`/api/jobs/${encodeURIComponent(id)}`);
  return {
    overview: () => call('/api/performance/overview'),
    clear: (input) => call('/api/cache/clear', input),
    undo: (id) => call(`/api/cache/clear/${encodeURIComponent(id)}/undo`, {}),
    job,
    ended: (id, deadlineMs = 5_000) =>
      eventually(async () => {
        const now = await job(id);
        if (now.endedAt === null) throw new Error(`the job is ${now.state}: ${JSON.stringify(now)}`);
        return now;
      }, deadlineMs),
  };
}
