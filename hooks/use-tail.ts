'use client';

import { useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { TailFilter } from '../lib/contracts/tail';
import { filterKey, passerOf } from '../lib/contracts/tail-filter';
import { LiveChannelContext } from './live-channel';
import { createTailRing, type TailLines } from './tail-ring';

/** ms between two changes of a filter that are sent: a client may send 20 messages in 10 s. */
const PACE = 700;

export interface TailResult {
  readonly now: TailLines;
  /** Waiting until the server has taken the filter. */
  readonly status: 'waiting' | 'open';
  /** Why it didn't. */
  readonly problem: string | null;
  /** Asks again after a refusal. */
  retry(): void;
}

/** Live requests that pass a filter, the newest 5,000. What is on screen obeys a new filter at once. */
export function useTail(filter: TailFilter): TailResult {
  const channel = useContext(LiveChannelContext);
  if (channel === null) throw new Error('useTail needs a LiveChannelContext above it');
  const [ring] = useState(createTailRing);
  const [answer, setAnswer] = useState<{ readonly problem: string | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const now = useSyncExternalStore(ring.subscribe, ring.get, ring.get);
  const key = filterKey(filter);
  const latest = useRef(filter);
  const passes = useRef(passerOf(filter));
  const sentAt = useRef(-Infinity);
  const end = useRef((): void => undefined);
  useEffect(() => {
    latest.current = filter;
  });

  useEffect(() => {
    const wanted = latest.current;
    passes.current = passerOf(wanted);
    ring.keep(passes.current);
    const send = (): void => {
      sentAt.current = performance.now();
      end.current = channel.tail({
        filter: wanted,
        // Until the server has heard of it, lines of the filter before still come.
        onBatch: ({ records, dropped }) => ring.push({ records: records.filter(passes.current), dropped }),
        onAnswer: (problem) => setAnswer({ problem }),
      });
    };
    const timer = setTimeout(send, Math.max(0, sentAt.current + PACE - performance.now()));
    return () => clearTimeout(timer);
  }, [channel, ring, key, attempt]);

  useEffect(
    () => () => {
      sentAt.current = -Infinity;
      end.current();
    },
    [channel],
  );

  return {
    now,
    status: answer?.problem === null ? 'open' : 'waiting',
    problem: answer?.problem ?? null,
    retry: () => setAttempt((before) => before + 1),
  };
}
