import type { Job, JobList } from '../lib/contracts/job';

/** Newest jobs that are read, whatever their state. */
const NEWEST = 50;
/** Jobs under way that are read at a time; the API gives no more. */
const PAGE = 200;

const UNDER_WAY = 'queued,running,paused';

/**
 * The newest jobs, and every job under way however old it is, each once.
 * @param page asks for one page of GET /api/jobs; `query` is its query, without "?"
 */
export async function readJobs(page: (query: string) => Promise<JobList>): Promise<Job[]> {
  async function everyUnderWay(after = ''): Promise<Job[]> {
    const { jobs, next } = await page(`state=${UNDER_WAY}&limit=${PAGE}${after}`);
    return next === null ? jobs : [...jobs, ...(await everyUnderWay(`&after=${encodeURIComponent(next)}`))];
  }
  const [underWay, newest] = await Promise.all([everyUnderWay(), page(`limit=${NEWEST}`)]);
  // One that ended between the two answers is in both.
  return [...new Map([...underWay, ...newest.jobs].map((job) => [job.id, job])).values()];
}
