import { judge, type JudgeInput, type Storable, type StorePolicy } from '../../lib/http-cache/storable.ts';

export const WALL = Date.UTC(2026, 0, 15, 12);
export const NO_POLICY: StorePolicy = {
  ttl: 0,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  heuristic: false,
  ignore: [],
};

/** A plain GET and its answer, fresh for a minute, but for `change`. */
export function input(change: Partial<JudgeInput> = {}): JudgeInput {
  return {
    method: 'GET',
    authorization: false,
    cookie: false,
    requestNoStore: false,
    status: 200,
    headers: ['Cache-Control', 'max-age=60'],
    requestedAt: 1_000,
    receivedAt: 1_000,
    wall: WALL,
    policy: NO_POLICY,
    ...change,
  };
}

/** Response headers with this Cache-Control. */
export const withControl = (value: string, ...more: string[]): string[] => ['Cache-Control', value, ...more];

/** How it's stored. @throws Error for what is refused */
export function stored(change: Partial<JudgeInput>): Storable {
  const judgement = judge(input(change));
  if (!judgement.store) throw new Error(`refused: ${judgement.reason}`);
  return judgement;
}
