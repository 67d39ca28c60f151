import type { InstanceState } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { formatDuration, formatTime, UNKNOWN } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { StateWord } from '@/components/ui/state';
import { CELL, NUMBER_CELL } from '@/components/ui/table-cells';
import { Tip } from '@/components/ui/tip';
import { INSTANCE_COLUMNS } from './instance-columns';

interface InstanceRowProps {
  readonly instance: InstanceState;
  /** Whether to say which ones are here, since not all are. */
  readonly marked: boolean;
  /** The last clear that any worker knows of. */
  readonly lastClear: number;
  /** The page's time, ms since the epoch. */
  readonly now: number;
}

function State({ instance: { state, at, startedAt }, now }: Pick<InstanceRowProps, 'instance' | 'now'>) {
  const since = state === 'ok' ? startedAt : at;
  return (
    <span className="inline-flex items-center gap-2">
      <StateWord state={state === 'ok' ? 'good' : 'watch'} word={state === 'ok' ? 'OK' : 'Missing'} size={12} />
      <span className="text-text-3" title={`Since ${formatTime(since)}`}>
        {formatDuration(now - since)}
      </span>
    </span>
  );
}

function ThirdLevel({ instance: { levels, state } }: { instance: InstanceState }) {
  const level = levels.find((each) => each.level === 'l3');
  if (level === undefined || state === 'missing') return <span className="text-text-3">{UNKNOWN}</span>;
  if (level.state === 'off') return <span className="text-text-3">Off</span>;
  if (level.state === 'ok') return <StateWord state="good" word="OK" size={12} />;
  return (
    <Tip text={level.why ?? 'It didn’t say why.'}>
      <button type="button" className="flex h-8 items-center underline decoration-dotted underline-offset-4">
        <StateWord state="watch" word="Degraded" size={12} />
      </button>
    </Tip>
  );
}

/** A log's numbers say nothing to people; whether a worker is behind does. */
function Clears({ instance: { clears, state }, lastClear }: Pick<InstanceRowProps, 'instance' | 'lastClear'>) {
  if (state === 'missing') return <span className="text-text-3">{UNKNOWN}</span>;
  if (clears.state === 'unconfirmed')
    return <StateWord state="watch" word={`unconfirmed for ${formatDuration(clears.ageMs)}`} size={12} />;
  return <span title={`Up to clear ${clears.number}`}>{clears.number < lastClear ? 'behind' : 'all followed'}</span>;
}

/** One worker: what it does, and whether it can be trusted with clears. What a missing one said last isn't shown. */
export function InstanceRow({ instance, marked, lastClear, now }: InstanceRowProps) {
  const missing = instance.state === 'missing';
  return (
    <tr className="group hover:bg-hover">
      <th
        scope="row"
        title={instance.url}
        className="sticky left-0 z-10 h-8 max-w-[168px] border-b border-line bg-bg py-0 pr-3 pl-0 text-left font-normal group-hover:bg-hover sm:max-w-none"
      >
        <span className="flex min-w-0 items-center gap-2 whitespace-nowrap">
          <span className="truncate font-mono text-xs">{instance.instance}</span>{' '}
          <span className="shrink-0 text-text-3">worker {instance.worker}</span>{' '}
          {marked && instance.local && <Pill className="max-sm:hidden">this one</Pill>}
        </span>
      </th>
      <td className={CELL}>
        <State instance={instance} now={now} />
      </td>
      {INSTANCE_COLUMNS.map(({ label, text }) => (
        <td key={label} className={classes(NUMBER_CELL, missing && 'text-text-3')}>
          {missing ? UNKNOWN : text(instance)}
        </td>
      ))}
      <td className={classes(CELL, 'pl-6')}>
        <ThirdLevel instance={instance} />
      </td>
      <td className={classes(NUMBER_CELL, 'pr-0')}>
        <Clears instance={instance} lastClear={lastClear} />
      </td>
    </tr>
  );
}
