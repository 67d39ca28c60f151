'use client';

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { ROW } from './request-row';

/** Rows that are drawn above and below what is seen, so that scrolling shows no holes. */
const BEYOND = 8;

interface Place {
  readonly top: number;
  readonly height: number;
}

export interface RowWindow {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly first: number;
  readonly end: number;
  readonly onScroll: () => void;
  /** Scrolls so that a row is seen. */
  reveal(row: number): void;
}

/**
 * Which of `count` rows of one height are drawn in a box that scrolls; with `follow` the last is always seen.
 * @param onLeave told when a person has scrolled away from the last row
 */
export function useRowWindow(count: number, follow: boolean, onLeave: () => void): RowWindow {
  const ref = useRef<HTMLDivElement>(null);
  const [{ top, height }, setPlace] = useState<Place>({ top: 0, height: 480 });

  const read = useCallback(() => {
    const box = ref.current;
    if (box !== null) setPlace({ top: box.scrollTop, height: box.clientHeight });
  }, []);

  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null || !follow) return;
    box.scrollTop = box.scrollHeight;
    read();
  }, [count, follow, read]);

  useEffect(() => {
    const box = ref.current;
    if (box === null) return;
    const observer = new ResizeObserver(read);
    observer.observe(box);
    return () => observer.disconnect();
  }, [read]);

  const onScroll = useCallback(() => {
    const box = ref.current;
    if (box === null) return;
    read();
    if (box.scrollHeight - box.scrollTop - box.clientHeight > ROW) onLeave();
  }, [onLeave, read]);

  const reveal = useCallback((row: number) => {
    const box = ref.current;
    if (box === null) return;
    // The head sticks on top of the first row that is seen.
    const above = row * ROW;
    const below = (row + 2) * ROW - box.clientHeight;
    if (box.scrollTop > above) box.scrollTop = above;
    else if (box.scrollTop < below) box.scrollTop = below;
  }, []);

  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  return { ref, first, end: Math.min(count, Math.ceil((top + height) / ROW) + BEYOND), onScroll, reveal };
}
