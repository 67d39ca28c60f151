import { Skeleton as Block } from '@/components/ui/skeleton';

/** The page's geometry before there is data: same heights, so that nothing moves when it comes. */
export function Skeleton() {
  return (
    <div aria-busy="true" aria-label="Loading" role="status">
      <h1 className="sr-only">Loading</h1>
      <div className="flex min-h-8 items-center gap-3">
        <Block className="h-5 w-28" />
        <Block className="h-3 w-56" />
      </div>
      <div className="mt-4 grid grid-cols-2 gap-px border-y border-line bg-line sm:grid-cols-4 xl:grid-cols-[264px_repeat(7,minmax(0,1fr))]">
        <div className="col-span-2 h-[120px] bg-bg py-3 sm:col-span-4 xl:col-span-1">
          <Block className="h-3 w-32" />
          <Block className="mt-3 h-10 w-36" />
        </div>
        {Array.from({ length: 7 }, (_, i) => (
          <div key={i} className="h-[120px] bg-bg px-4 py-3 last:max-sm:col-span-2 last:sm:max-xl:col-span-2">
            <Block className="h-3 w-16" />
            <Block className="mt-2 h-5 w-20" />
          </div>
        ))}
      </div>
      <ChartsSkeleton />
    </div>
  );
}

function ChartsSkeleton() {
  return (
    <div className="grid gap-x-8 gap-y-6 py-4 lg:grid-cols-2">
      {[0, 1, 2, 3].map((i) => (
        <div key={i}>
          <Block className="my-1 h-3 w-24" />
          <Block className="mt-3 h-[188px]" />
        </div>
      ))}
    </div>
  );
}
