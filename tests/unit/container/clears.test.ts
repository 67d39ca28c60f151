import { createRedactor } from '../../../lib/kernel/redact.ts';
import { describe, expect, it } from 'vitest';
import type { ClearDraft, ClearMode, ClearScope, ClearSource } from '../../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { clearRunners, createClears } from '../../../lib/container/clears.ts';
import type { Taken } from '../../../lib/container/fleet.ts';
import type { GatewayCommand } from '../../../lib/contracts/control.ts';
import type { Job } from '../../../lib/contracts/job.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import type { JobOutcome } from '../../../lib/queue/job.ts';
import type { JobRun } from '../../../lib/queue/job-run.ts';

type Added = Parameters<Parameters<typeof createClears>[0]['jobs']['add']>[0];

function clearing(change: { refuse?: PitwallError; source?: ClearSource } = {}) {
  const drafts: ClearDraft[] = [];
  const added: Added[] = [];
  const log = createMemoryClears();
  const source: ClearSource = {
    ...log,
    append(draft) {
      drafts.push(draft);
      return log.append(draft);
    },
    ...change.source,
  };
  const clears = createClears({
    source,
    redactor: createRedactor(),
    jobs: {
      add(job) {
        if (change.refuse !== undefined) return Promise.reject(change.refuse);
        added.push(job);
        return Promise.resolve({ id: `job-${added.length}`, kind: job.kind, input: job.input } as Job);
      },
      find(id) {
        const job = added[Number(id.slice('job-'.length)) - 1];
        if (job === undefined) return Promise.reject(new PitwallError('not_found', `There is no job ${id}.`));
        return Promise.resolve({ id, kind: job.kind, input: job.input } as Job);
      },
    },
  });
  return { clears, drafts, added };
}

describe('clearing', () => {
  it.each<[ClearScope, ClearMode, string]>([
    [{ key: 'http://a/b' }, 'soft', 'Clear http://a/b'],
    [{ key: 'http://a/b' }, 'hard', 'Clear http://a/b, hard'],
    [{ tag: 't' }, 'soft', 'Clear tag t'],
    [{ tag: 't', service: 's' }, 'soft', 'Clear tag t of service s'],
    [{ prefix: 'http://a/' }, 'soft', 'Clear http://a/…'],
    [{ glob: '*.css', service: 's' }, 'hard', 'Clear *.css of service s, hard'],
    [{ service: 's' }, 'soft', 'Clear service s'],
    [{ all: true }, 'hard', 'Clear everything, hard'],
  ])('%j, %s, is written down first and is then a job of high priority', async (scope, mode, title) => {
    const { clears, drafts, added } = clearing();
    await clears.clear(scope, mode);
    expect(drafts).toEqual([{ scope, mode }]);
    expect(added).toMatchObject([
      { kind: 'clear', title, priority: 'high', unit: 'workers', input: { scope, mode, record: { number: 1 } } },
    ]);
  });

  it('writes down, and shows, the URL as the gateway spells it', async () => {
    const { clears, drafts, added } = clearing();
    await clears.clear({ key: 'http://Shop.Example:80/n/x/../a%2Db#f' }, 'hard');
    const scope = { key: 'http://shop.example/n/a-b' };
    expect(drafts).toEqual([{ scope, mode: 'hard' }]);
    expect(added).toMatchObject([{ title: 'Clear http://shop.example/n/a-b, hard', input: { scope } }]);
  });

  it('shows no secret of what it clears, and clears it all the same', async () => {
    const { clears, drafts, added } = clearing();
    const scopes: ClearScope[] = [
      { key: 'http://a/b?token=s3cr3t&c=d' },
      { prefix: 'http://a/b?token=s3cr3t' },
      { glob: '*api_key=s3cr3t*' },
    ];
    for (const scope of scopes) await clears.clear(scope, 'soft');
    expect(drafts).toEqual(scopes.map((scope) => ({ scope, mode: 'soft' })));
    expect(added.map(({ title }) => title)).toEqual([
      'Clear http://a/b?token=[redacted]&c=d',
      'Clear http://a/b?token=[redacted]…',
      'Clear *api_key=[redacted]',
    ]);
    expect(JSON.stringify(added)).not.toContain('s3cr3t');
  });

  it('writes nothing down for a URL that the gateway would refuse', async () => {
    const { clears, drafts, added } = clearing();
    await expect(clears.clear({ key: 'http://a/%zz' }, 'hard')).rejects.toMatchObject({ code: 'validation_failed' });
    expect([drafts, added]).toEqual([[], []]);
  });

  it('cuts a long URL in the title, and keeps what stands behind it', async () => {
    const { clears, added } = clearing();
    const service = 's'.repeat(63);
    const [edge, long] = ['http://a/'.padEnd(100, 'b'), 'http://a/'.padEnd(8_192, 'b')];
    await clears.clear({ key: edge }, 'hard');
    await clears.clear({ key: long }, 'hard');
    await clears.clear({ prefix: long, service }, 'hard');
    await clears.clear({ glob: `*${long}`, service }, 'soft');
    await clears.undo('job-4');
    expect(added.map(({ title }) => title)).toEqual([
      `Clear ${edge}, hard`,
      `Clear ${edge}…, hard`,
      `Clear ${edge}… of service ${service}, hard`,
      `Clear *${edge.slice(0, -1)}… of service ${service}`,
      expect.stringMatching(/^Undo: clear \*http:.*… of service s{63}$/),
    ]);
    for (const { title } of added) expect(title.length).toBeLessThanOrEqual(200);
    expect(added[1]?.input).toMatchObject({ scope: { key: long } });
  });

  it('is undone by voiding its record, where it was soft', async () => {
    const { clears, drafts, added } = clearing();
    await clears.clear({ tag: 't' }, 'soft');
    await clears.undo('job-1');
    const { record } = added[0]?.input as { record: { id: string } };
    expect(drafts[1]).toEqual({ voids: record.id });
    expect(added[1]).toMatchObject({ kind: 'undo', title: 'Undo: clear tag t', input: { job: 'job-1' } });
    await expect(clears.undo('job-2')).rejects.toMatchObject({ code: 'conflict' });
    await clears.clear({ tag: 't' }, 'hard');
    await expect(clears.undo('job-3')).rejects.toMatchObject({ code: 'conflict' });
    await expect(clears.undo('job-9')).rejects.toMatchObject({ code: 'not_found' });
    expect(drafts).toHaveLength(3);
  });

  it('says that nothing was cleared where the log can’t be written', async () => {
    const source = { append: () => Promise.reject(new Error('gone')) } as unknown as ClearSource;
    const { clears, added } = clearing({ source });
    await expect(clears.clear({ all: true }, 'soft')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(/^Nothing was cleared/) as string,
    });
    expect(added).toEqual([]);
  });

  it('says that a clear that was folded can’t be undone', async () => {
    const folded = new PitwallError('not_found', 'Too old.');
    const log = createMemoryClears();
    const append = (draft: ClearDraft) => ('voids' in draft ? Promise.reject(folded) : log.append(draft));
    const { clears } = clearing({ source: { ...log, append } });
    await clears.clear({ tag: 't' }, 'soft');
    await expect(clears.undo('job-1')).rejects.toBe(folded);
  });

  it('says that it was cleared where only the job is refused', async () => {
    const { clears, drafts } = clearing({ refuse: new PitwallError('too_many_requests', 'Too many jobs.') });
    await expect(clears.clear({ all: true }, 'soft')).rejects.toMatchObject({
      code: 'too_many_requests',
      message: expect.stringMatching(/^The clear log has it, .* Too many jobs\.$/) as string,
    });
    expect(drafts).toHaveLength(1);
  });
});

it('the job tells every worker to follow, and keeps what each said', async () => {
  const commands: GatewayCommand[] = [];
  const taken: Taken[] = [
    { instance: 'a', worker: 0, error: undefined },
    { instance: 'b', worker: 1, error: new PitwallError('gateway_unavailable', 'The instance b doesn’t answer.') },
  ];
  const outcomes: JobOutcome[] = [];
  const progress: number[] = [];
  const { clear, undo } = clearRunners({
    commandWorkers(command) {
      commands.push(command);
      return Promise.resolve(taken);
    },
  });
  const run = {
    input: { record: { id: 'x', number: 7 } },
    outcome: (outcome: JobOutcome) => outcomes.push(outcome),
    progress: (...given: number[]) => progress.push(...given),
  } as unknown as JobRun;
  expect(await clear(run)).toEqual({ record: { id: 'x', number: 7 }, confirmed: 1, unconfirmed: 1 });
  expect(await undo(run)).toMatchObject({ confirmed: 1 });
  expect(commands).toEqual([
    { type: 'follow-clears', number: 7 },
    { type: 'follow-clears', number: 7 },
  ]);
  expect(outcomes.slice(0, 2)).toEqual([
    { instance: 'a', worker: 0, state: 'confirmed', detail: null },
    { instance: 'b', worker: 1, state: 'unconfirmed', detail: 'The instance b doesn’t answer.' },
  ]);
  expect(progress).toEqual([1, 2, 1, 2]);
});
