import { FlaskConical, ShieldAlert, TriangleAlert } from 'lucide-react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { CopyLine } from '@/components/ui/copy-line';
import { Delta } from '@/components/ui/delta';
import {
  formatBytes,
  formatDuration,
  formatLatency,
  formatPercent,
  formatRate,
  withUnit,
} from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { Problem } from '@/components/ui/problem';
import { Skeleton } from '@/components/ui/skeleton';
import { Sparkline } from '@/components/ui/sparkline';
import { StateWord } from '@/components/ui/state';
import { TextBlock } from '@/components/ui/text-block';
import type { Specimen } from './specimen';

const LONG = 'https://shop.example/api/search?q=a%20rather%20long%20question%20that%20somebody%20once%20asked';
const WAVE = Array.from({ length: 60 }, (_, i) => 20 + 8 * Math.sin(i / 5) + (i % 7));
const GAPPED = WAVE.map((value, i) => (i > 20 && i < 32 && i !== 26 ? null : value));

function Numbers() {
  const latency = [null, 0, 0.0004, 0.439, 12.34, 999.5, 9_995, 61_200].map(formatLatency);
  const bytes = [null, 0, 1_023.9, 67_108_864].map(formatBytes);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['rate', [null, 0, 0.004, 1.2, 12.34, 999.5, 38_120].map(formatRate)],
    ['percent', [null, 0, 0.00001, 0.915, 0.9996, 1].map(formatPercent)],
    ['latency', latency.map(withUnit)],
    ['bytes', bytes.map(withUnit)],
    ['duration', [null, 0, 59_600, 245_000, 3_900_000, 100_800_000].map(formatDuration)],
  ];
  return (
    <dl className="grid grid-cols-[80px_1fr] gap-x-3">
      {rows.map(([name, values]) => (
        <div key={name} className="contents">
          <dt className="text-text-3">{name}</dt>
          <dd>{values.join(' · ')}</dd>
        </div>
      ))}
    </dl>
  );
}

export const TEXTS: readonly Specimen[] = [
  {
    name: 'StateWord',
    note: 'Colour, icon, word',
    Show: () => (
      <>
        <StateWord state="good" word="Healthy" />
        <StateWord state="watch" word="Degraded" />
        <StateWord state="bad" word="Failing" />
        <StateWord state="unknown" word="Unknown" />
        <StateWord state="bad" word="Failing" size={20} className="text-xl" />
      </>
    ),
  },
  {
    name: 'Pill',
    Show: () => (
      <>
        <Pill>this one</Pill>
        <Pill tone="outline" icon={FlaskConical}>
          SAMPLE
        </Pill>
        <Pill tone="watch" icon={ShieldAlert}>
          Unsafe
        </Pill>
      </>
    ),
  },
  { name: 'format', note: 'Unknown, zero, tiny, edges', Show: Numbers },
  {
    name: 'Delta',
    Show: () => (
      <>
        <Delta change={{ direction: 'up', text: '10 %' }} />
        <Delta change={{ direction: 'down', text: '1.4 pt' }} />
        <Delta change={{ direction: 'same', text: 'same' }} />
        <Delta change={null} />
      </>
    ),
  },
  {
    name: 'Sparkline',
    note: 'Full, with gaps, flat, nothing known',
    Show: () =>
      [WAVE, GAPPED, WAVE.map(() => 0), WAVE.map(() => null)].map((values, i) => (
        <div key={i} className="w-32">
          <Sparkline values={values} />
        </div>
      )),
  },
  {
    name: 'Skeleton',
    note: 'Loading; same size as what comes',
    Show: () => (
      <div role="status" aria-label="Loading" className="w-full space-y-2">
        <Skeleton className="h-3 w-32" />
        <Skeleton className="h-10 w-40" />
      </div>
    ),
  },
  {
    name: 'Problem',
    note: 'Where it was asked',
    Show: () => <Problem error={new Error(`Nothing answers at ${LONG}.`)} />,
  },
  {
    name: 'CopyButton',
    Show: () => (
      <>
        <CopyButton text="npm start" label="Copy the command" />
        <CopyButton text="npm start" label="Copy pitwall.yaml" word="Copy pitwall.yaml" kind="plain" />
      </>
    ),
  },
  {
    name: 'CopyLine',
    note: 'Press: “Copied” for 2 s',
    Show: () => (
      <div className="w-full space-y-2">
        <CopyLine text="curl -i http://127.0.0.1:8080/" />
        <CopyLine text={`curl -i '${LONG}'`} />
      </div>
    ),
  },
  {
    name: 'TextBlock',
    Show: () => (
      <div className="w-full">
        <TextBlock
          label="pitwall.yaml"
          text={`services:\n  shop:\n    targets: [http://127.0.0.1:9000]\n    # ${LONG}`}
        />
      </div>
    ),
  },
  {
    name: 'Banner',
    Show: () => (
      <div className="w-full">
        <Banner look="plain" label="Plain" actions={<Button>Stop traffic</Button>}>
          What holds for the whole page.
        </Banner>
        <Banner look="watch" label="Watch">
          <span className="inline-flex items-center gap-2 font-medium text-watch">
            <TriangleAlert size={14} aria-hidden /> Reconnecting
          </span>
          <span className="text-text-2">What you see is from 14:03:09, 12 s ago.</span>
        </Banner>
        <Banner look="bad" label="Bad">
          <StateWord state="bad" word="New configuration refused" />
          <span className="min-w-0 [overflow-wrap:anywhere] text-text-2">{LONG}</span>
        </Banner>
      </div>
    ),
  },
];
