import { useId } from 'react';
import { Label } from './field';

interface Choice<Key extends string> {
  readonly key: Key;
  readonly word: string;
  readonly does: string;
  /** What else is to be said of it now: "active now". */
  readonly note?: string | undefined;
}

interface ChoicesProps<Key extends string> {
  readonly label: string;
  readonly value: Key;
  readonly onChange: (value: Key) => void;
  readonly choices: readonly Choice<Key>[];
}

/** One of few, each with what it does; arrows move between them. */
export function Choices<Key extends string>({ label, value, onChange, choices }: ChoicesProps<Key>) {
  const name = useId();
  return (
    <fieldset>
      <Label as="legend">{label}</Label>
      <div className="divide-y divide-line rounded-md border border-line-field">
        {choices.map(({ key, word, does, note }) => (
          <label key={key} className="flex cursor-pointer items-start gap-3 px-3 py-2 has-checked:bg-hover">
            <input
              type="radio"
              name={name}
              checked={value === key}
              onChange={() => onChange(key)}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="font-medium">{word}</span>
              {note !== undefined && <span className="text-text-3"> · {note}</span>}
              <span className="block text-text-2">{does}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
