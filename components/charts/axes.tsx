import { memo } from 'react';
import { MARGIN, VALUE_AXIS, timeLabel, timeTicks, valueLabel, valueTicks } from './axis';
import { placeOf } from './plot-area';
import { yOf } from './shapes';

interface ValueAxisProps {
  /** Where the axis ends. */
  readonly top: number;
  /** px of the plot. */
  readonly height: number;
}

/** Round values with a line across the plot each; the line at 0 is stronger. */
export const ValueAxis = memo(function ValueAxis({ top, height }: ValueAxisProps) {
  return valueTicks(top, height).map((value) => (
    <div
      key={value}
      className={value === 0 ? 'absolute border-t border-line-strong' : 'absolute border-t border-line'}
      style={{ left: VALUE_AXIS, right: MARGIN.right, top: MARGIN.top + yOf(value, { top, height }) }}
    >
      <span className="absolute right-full -mt-px -translate-y-1/2 pr-2">{valueLabel(value)}</span>
    </div>
  ));
});

interface TimeAxisProps {
  readonly start: number;
  readonly end: number;
}

/** Round times under the plot. */
export const TimeLabels = memo(function TimeLabels({ start, end }: TimeAxisProps) {
  const label = timeLabel(end - start);
  return timeTicks(start, end).map((at) => (
    <span key={at} className="absolute bottom-0 -translate-x-1/2" style={{ left: placeOf(at, { start, end }) }}>
      {label(at)}
    </span>
  ));
});
