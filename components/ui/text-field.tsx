import { useId, type ComponentProps, type ReactNode } from 'react';
import { Input, Label } from './field';

interface TextFieldProps extends ComponentProps<typeof Input> {
  readonly label: string;
  /** What is expected, said before anything is wrong. */
  readonly hint?: ReactNode;
  /** What's wrong with it, as a sentence; null while nobody has asked. */
  readonly wrong?: string | null;
  /** Beside the field: a button that belongs to it. */
  readonly beside?: ReactNode;
}

/** A field with its name, what it expects, and what's wrong with it. */
export function TextField({ label, hint, wrong = null, beside, className, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <Label htmlFor={id}>{label}</Label>
      <div className="flex gap-2">
        <Input
          id={id}
          aria-invalid={wrong !== null}
          aria-describedby={hint === undefined || wrong !== null ? `${id}wrong` : `${id}hint ${id}wrong`}
          className="w-full"
          {...rest}
        />
        {beside}
      </div>
      {hint !== undefined && wrong === null && (
        <p id={`${id}hint`} className="mt-1 text-xs text-text-2">
          {hint}
        </p>
      )}
      <p id={`${id}wrong`} role="alert" className="mt-1 text-xs text-bad empty:hidden">
        {wrong}
      </p>
    </div>
  );
}
