'use client';

import { Suspense } from 'react';
import { Tabs } from '@/components/ui/tabs';
import { useSession } from '@/hooks/use-session';
import { SETTINGS_TABS, TAB_NEEDS, useSettingsTab, type SettingsTab } from '@/hooks/use-settings-tab';
import { ConfigurationTab } from './configuration-tab';
import { JournalTab } from './journal-tab';
import { PeopleTab } from './people-tab';
import { LoadingRows, NeedsRole } from './places';
import { SessionsTab } from './sessions-tab';
import { TokensTab } from './tokens-tab';

const NAME: Readonly<Record<SettingsTab, string>> = {
  people: 'People',
  sessions: 'Sessions',
  tokens: 'Tokens',
  configuration: 'Configuration',
  journal: 'Journal',
};
const SHOWS = {
  people: PeopleTab,
  sessions: SessionsTab,
  tokens: TokensTab,
  configuration: ConfigurationTab,
  journal: JournalTab,
} as const;

/** Who may do what here, what runs, and who did what. */
export function Settings() {
  return (
    <div className="pb-12">
      <h1 className="mb-2 text-xl font-semibold">Settings</h1>
      {/* Which tab it is, the address says, and that only the browser knows. */}
      <Suspense fallback={<LoadingRows />}>
        <SettingsTabs />
      </Suspense>
    </div>
  );
}

function SettingsTabs() {
  const { actor, error, may, refusal } = useSession();
  const [tab, go] = useSettingsTab(may('people') ? 'people' : 'sessions');
  const Shown = SHOWS[tab];
  const refused = refusal(TAB_NEEDS[tab]);
  return (
    <Tabs label="Settings" value={tab} onChange={go} tabs={SETTINGS_TABS.map((key) => ({ key, name: NAME[key] }))}>
      {actor === undefined && error === null ? (
        <LoadingRows />
      ) : refused === null ? (
        <Shown />
      ) : (
        <NeedsRole refusal={refused} needs={TAB_NEEDS[tab]} />
      )}
    </Tabs>
  );
}
