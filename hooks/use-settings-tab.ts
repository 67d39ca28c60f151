'use client';

import { useCallback } from 'react';
import type { Permission } from '../lib/contracts/access';
import { useParams } from './use-params';

export const SETTINGS_TABS = ['people', 'sessions', 'tokens', 'configuration', 'journal'] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

/** What one has to be allowed to see a tab; one's own sessions are anybody's. */
export const TAB_NEEDS: Readonly<Record<SettingsTab, Permission>> = {
  people: 'people',
  sessions: 'look',
  tokens: 'tokens',
  configuration: 'look',
  journal: 'journal',
};

/** The tab that a query string names; null where it names none. */
export const parseSettingsTab = (params: URLSearchParams): SettingsTab | null =>
  SETTINGS_TABS.find((tab) => tab === params.get('tab')) ?? null;

/** The tab in the URL, else `usual`; and the function that goes to another, which Back returns from. */
export function useSettingsTab(usual: SettingsTab): readonly [SettingsTab, (tab: SettingsTab) => void] {
  const [params, change] = useParams();
  const go = useCallback((tab: SettingsTab) => change((next) => next.set('tab', tab), 'push'), [change]);
  return [parseSettingsTab(params) ?? usual, go];
}
