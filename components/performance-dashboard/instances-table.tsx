import type { InstanceState } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { formatCounted } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';
import { HEAD_CELL } from '@/components/ui/table-cells';
import { INSTANCE_COLUMNS, areInstancesShown, instanceId, namesOf, sortInstances } from './instance-columns';
import { InstanceRow } from './instance-row';

const HEAD = `sticky top-0 z-10 ${HEAD_CELL}`;
const FOOT = 'sticky bottom-0 z-10 h-8 border-t border-line-strong bg-bg px-3 py-0 font-medium whitespace-nowrap';
/** The table's height: ten rows, the heads and the total; more are scrolled. */
const HEIGHT = 'max-h-[386px]';

function Trouble({ word, instances }: { word: string; instances: readonly InstanceState[] }) {
  if (instances.length === 0) return null;
  return (
    <span className="inline-flex flex-wrap gap-x-2 font-normal">
      <StateWord state="watch" word={`${instances.length} ${word}`} size={12} />{' '}
      <span className="text-text-2">{namesOf(instances)}</span>
    </span>
  );
}

/** Every gateway worker of the fleet; nothing for a single one that is well. `now`: the page's time, ms since the epoch. */
export function InstancesTable({ instances, now }: { instances: readonly InstanceState[]; now: number }) {
  if (!areInstancesShown(instances)) return null;
  const sorted = sortInstances(instances);
  const answering = sorted.filter(({ state }) => state === 'ok');
  const missing = sorted.filter(({ state }) => state === 'missing');
  const unconfirmed = sorted.filter(({ clears }) => clears.state === 'unconfirmed');
  const lastClear = instances.reduce((last, { clears }) => Math.max(last, clears.number), 0);
  const confirmed = answering.filter(({ clears }) => clears.state === 'confirmed').length;
  const marked = instances.some(({ local }) => !local);
  return (
    <section id="instances" tabIndex={-1} aria-label="Instances" className="scroll-mt-16 outline-none mt-6">
      <h2 className="flex flex-wrap items-center gap-x-4 text-sm font-medium">
        <span>
          Instances <span className="font-normal text-text-3">{formatCounted(instances.length, 'worker')}</span>
        </span>{' '}
        <Trouble word="missing" instances={missing} />{' '}
        <Trouble word="with clears unconfirmed" instances={unconfirmed} />
      </h2>
      <div
        role="region"
        aria-label="Instances, scrollable"
        tabIndex={0}
        className={classes('relative -mx-4 mt-1 overflow-auto overscroll-x-contain px-4 lg:-mx-6 lg:px-6', HEIGHT)}
      >
        <table className="w-full min-w-[1180px] border-separate border-spacing-0">
          <thead>
            <tr>
              <th scope="col" className={classes(HEAD, 'left-0 z-20 pl-0 text-left')}>
                Instance
              </th>
              <th scope="col" className={classes(HEAD, 'text-left')} title="Whether it answers, and for how long so">
                State
              </th>
              {INSTANCE_COLUMNS.map(({ label, meaning, width }) => (
                <th key={label} scope="col" title={meaning} style={{ width }} className={classes(HEAD, 'text-right')}>
                  {label}
                </th>
              ))}
              <th scope="col" className={classes(HEAD, 'pl-6 text-left')} title="Its third level, the persistent one">
                L3
              </th>
              <th
                scope="col"
                className={classes(HEAD, 'pr-0 text-right')}
                title="Whether it has followed every clear that any of them knows of"
              >
                Clears
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((instance) => (
              <InstanceRow
                key={instanceId(instance)}
                instance={instance}
                marked={marked}
                lastClear={lastClear}
                now={now}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" className={classes(FOOT, 'left-0 z-20 pl-0 text-left')}>
                Total
              </th>
              <td className={FOOT}>
                {answering.length} of {instances.length} OK
              </td>
              {INSTANCE_COLUMNS.map(({ label, total }) => (
                <td key={label} className={classes(FOOT, 'text-right')}>
                  {total(answering)}
                </td>
              ))}
              <td className={FOOT} />
              <td className={classes(FOOT, 'pr-0 text-right')}>
                {unconfirmed.length + missing.length === 0 ? 'all' : `${confirmed} of ${instances.length}`} followed
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}
