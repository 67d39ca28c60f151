import { memo } from 'react';

const WIDTH = 120;
const HEIGHT = 24;

/** Path of the known stretches; a value alone between gaps becomes a dot. The scale starts at 0. */
export function sparkPath(values: readonly (number | null)[]): string {
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const x = (i: number) => ((i / Math.max(values.length - 1, 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 1.5 - (top === 0 ? 0 : (Math.max(value, 0) / top) * (HEIGHT - 3))).toFixed(1);
  let path = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const alone = !drawing && (values[i + 1] ?? null) === null;
    path += `${drawing ? 'L' : 'M'}${x(i)} ${y(value)}${alone ? 'h0.01' : ''}`;
    drawing = true;
  });
  return path;
}

/** The shape of a number over the range; gaps where nothing is known. Decorative: the number beside it says it. */
export const Sparkline = memo(function Sparkline({ values }: { values: readonly (number | null)[] }) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block h-6 w-full text-text-3"
      aria-hidden
    >
      <path
        d={sparkPath(values)}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
