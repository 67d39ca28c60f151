import { BookOpen, Gauge, Settings, type LucideIcon } from 'lucide-react';

/** A page of the console. */
export interface Page {
  readonly path: string;
  readonly name: string;
  /** The letter that goes there after "g". */
  readonly letter: string;
  readonly icon: LucideIcon;
  /** Whether it shows a range of time, and moves. */
  readonly timed: boolean;
  /** False: its code is fetched when somebody goes there, not while they look at another page. */
  readonly prefetch?: false;
}

/** Every page that exists: navigation, palette, `g` keys and help are made of it. */
export const PAGES: readonly Page[] = [
  { path: '/', name: 'Performance', letter: 'p', icon: Gauge, timed: true },
  { path: '/docs/api', name: 'API reference', letter: 'a', icon: BookOpen, timed: false },
  { path: '/settings', name: 'Settings', letter: 's', icon: Settings, timed: false, prefetch: false },
];
