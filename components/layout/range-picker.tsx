import { RANGES, rangeSchema, type Range } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';

interface RangePickerProps {
  /** Null while a fixed window is shown. */
  readonly range: Range | null;
  readonly onChange: (range: Range) => void;
}

/** The time range, as one row of choices. */
export function RangePicker({ range, onChange }: RangePickerProps) {
  return (
    <fieldset className="flex h-8 items-stretch rounded-md border border-line-strong">
      <legend className="sr-only">Time range</legend>
      {rangeSchema.options.map((option) => (
        <label
          key={option}
          className={classes(
            'flex cursor-pointer items-center px-2.5 text-[13px] font-medium first-of-type:rounded-l-[5px] last-of-type:rounded-r-[5px] has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option === range ? 'bg-hover text-text' : 'text-text-2 hover:text-text',
          )}
        >
          <input
            type="radio"
            name="range"
            value={option}
            checked={option === range}
            onChange={() => onChange(option)}
            className="sr-only"
            aria-label={`Last ${RANGES[option] / 60} min`}
          />
          {option}
        </label>
      ))}
    </fieldset>
  );
}
