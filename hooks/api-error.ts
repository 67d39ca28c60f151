import { problemSchema, type Problem } from '../lib/contracts/problem';

/** Why an API call failed: the server said so, it couldn't be reached, or its answer broke the contract. */
export type ApiFailure =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'contract'; readonly detail: string };

export class ApiError extends Error {
  readonly failure: ApiFailure;
  /** ms for which it's no use to ask again; null where the server said nothing. */
  readonly retryAfterMs: number | null;

  constructor(failure: ApiFailure, retryAfterMs: number | null = null) {
    super(failure.kind === 'problem' ? failure.problem.detail : failure.detail);
    this.name = 'ApiError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The stable code of a problem that the server told of; null for anything else. */
export function codeOf(error: unknown): string | null {
  return error instanceof ApiError && error.failure.kind === 'problem' ? error.failure.problem.code : null;
}

/** Whether the server answered that there's no such thing. */
export const isNotFound = (error: unknown): boolean => codeOf(error) === 'not_found';

/** What to show for anything that was thrown: a title, a sentence, and where known the code and the request's id. */
export interface FailureText {
  readonly title: string;
  readonly detail: string;
  readonly code: string | null;
  readonly instance: string | null;
}

export function describeFailure(error: unknown): FailureText {
  if (!(error instanceof ApiError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return { title: 'Something went wrong in this page', detail, code: null, instance: null };
  }
  const { failure } = error;
  if (failure.kind === 'problem') {
    const { title, detail, code, instance } = failure.problem;
    return { title, detail, code, instance: instance ?? null };
  }
  const title = failure.kind === 'unreachable' ? 'Pitwall doesn’t answer' : 'Pitwall’s answer makes no sense here';
  return { title, detail: failure.detail, code: null, instance: null };
}

/** The failure that an unsuccessful response stands for (RFC 9457 where it is one). */
export function failureOf(status: number, body: unknown): ApiFailure {
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return { kind: 'problem', problem: parsed.data };
  return { kind: 'contract', detail: `The server answered ${status} without saying why.` };
}
