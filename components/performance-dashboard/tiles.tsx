import { memo } from 'react';
import type { Overview } from '@/lib/contracts/overview';
import { Delta } from '@/components/ui/delta';
import { UNKNOWN } from '@/components/ui/format';
import { Sparkline } from '@/components/ui/sparkline';
import { Tip } from '@/components/ui/tip';
import { spanWords } from '@/hooks/view';
import { TILES, type Tile } from './tile-list';

function Meaning({ tile, overview }: { tile: Tile; overview: Overview }) {
  const span = spanWords(overview.to - overview.from);
  return (
    <>
      <p>{tile.meaning}</p>
      {tile.parts !== undefined && (
        <dl className="mt-2 grid grid-cols-[1fr_auto] gap-x-4 text-text">
          {tile.parts(overview.summary).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-text-2">{name}</dt>
              <dd className="text-right">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="mt-2 text-text-3">
        Over {overview.range === null ? 'these' : 'the last'} {span}, compared with the {span} before.
      </p>
    </>
  );
}

const TileView = memo(function TileView({ tile, overview }: { tile: Tile; overview: Overview }) {
  const { value, unit } = tile.quantity(overview.summary);
  return (
    <Tip text={<Meaning tile={tile} overview={overview} />}>
      <button
        type="button"
        className="flex h-[120px] min-w-0 flex-col bg-bg px-4 py-3 text-left hover:bg-hover focus-visible:z-10 focus-visible:outline-offset-[-2px]"
      >
        <span className="text-xs text-text-2">{tile.label}</span>
        <span className="mt-0.5 text-xl leading-7 font-medium tracking-tight whitespace-nowrap">
          {value} <span className="text-xs font-normal tracking-normal text-text-3">{unit}</span>
        </span>
        <span className="h-4 text-2xs text-text-3">
          <Delta change={tile.change(overview.summary, overview.previous)} />
        </span>
        <span className="mt-auto block h-6 w-full">
          {value !== UNKNOWN && <Sparkline values={tile.spark(overview.samples, overview.to - overview.from)} />}
        </span>
      </button>
    </Tip>
  );
});

/** The row of numbers; each says on hover what it counts. */
export function Tiles({ overview }: { overview: Overview }) {
  return TILES.map((tile) => <TileView key={tile.label} tile={tile} overview={overview} />);
}
