'use client';

import type { ReactNode } from 'react';
import dynamic from 'next/dynamic';
import { Tabs } from '@/components/ui/tabs';
import type { Tab } from '@/hooks/view';

const LiveRequests = dynamic(() => import('./live-requests/live-requests').then((module) => module.LiveRequests), {
  ssr: false,
  loading: () => <p className="py-3 text-text-2">Loading…</p>,
});

interface TrafficTabsProps {
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  /** How many; null where one is looked at. */
  readonly routes: number | null;
  /** The table of routes, or the route. */
  readonly children: ReactNode;
}

/** Routes summed up, or requests one by one; the latter's code is fetched when somebody looks. */
export function TrafficTabs({ tab, onTab, routes, children }: TrafficTabsProps) {
  return (
    <div id="traffic" tabIndex={-1} className="mt-6 scroll-mt-16 outline-none">
      <Tabs
        label="Traffic"
        value={tab}
        onChange={onTab}
        tabs={[
          routes === null ? { key: 'routes', name: 'Route' } : { key: 'routes', name: 'Routes', note: String(routes) },
          { key: 'requests', name: 'Live requests' },
        ]}
      >
        {tab === 'routes' ? children : <LiveRequests />}
      </Tabs>
    </div>
  );
}
