/** Longest stack and message of an error and of a cause, characters: all of it fits in what a line may have. */
const LONGEST = [
  { stack: 3_000, message: 1_000 },
  { stack: 600, message: 300 },
] as const;
/** Causes of causes, and errors of one that gathers several, that are told. */
const CAUSES = 3;

/** An error as a log line tells it: plain data, which also crosses threads. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

export function errorFields(error: Error, depth = 0): ErrorFields {
  const { code } = error as NodeJS.ErrnoException & { readonly code?: unknown };
  const inner = (value: unknown): unknown =>
    value instanceof Error ? (depth < CAUSES ? errorFields(value, depth + 1) : value.name) : value;
  const longest = LONGEST[depth === 0 ? 0 : 1];
  return {
    type: error.name,
    message: error.message.slice(0, longest.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: error.stack.slice(0, longest.stack) }),
    ...(error.cause !== undefined && { cause: inner(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.slice(0, CAUSES).map(inner) }),
  };
}
