import type { ReactNode } from 'react';

interface ChartFrameProps {
  readonly title: string;
  readonly unit: string;
  readonly legend: ReactNode;
  readonly children: ReactNode;
}

/** Title, unit, legend, plot. The height is fixed, so that nothing moves when data comes. */
export function ChartFrame({ title, unit, legend, children }: ChartFrameProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col">
      <h2 className="text-sm font-medium">
        {title} <span className="font-normal text-text-3">{unit}</span>
      </h2>
      <div className="min-h-10">{legend}</div>
      {children}
    </section>
  );
}
