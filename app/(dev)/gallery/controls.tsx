'use client';

import { useId, useState } from 'react';
import { Pause, RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Choices } from '@/components/ui/choices';
import { Input, Label, Select } from '@/components/ui/field';
import { GuardedButton } from '@/components/ui/guarded-button';
import { Kbd } from '@/components/ui/kbd';
import { PasswordField } from '@/components/ui/password-field';
import { Tabs } from '@/components/ui/tabs';
import { TextField } from '@/components/ui/text-field';
import { Tip } from '@/components/ui/tip';
import { TwiceButton } from '@/components/ui/twice-button';
import { refusalOf } from '@/hooks/permit';
import type { Specimen } from './specimen';

function Fields() {
  const id = useId();
  return (
    <div className="grid w-full gap-3 sm:grid-cols-2">
      <div>
        <Label htmlFor={`${id}a`}>URL</Label>
        <Input id={`${id}a`} mono placeholder="http://127.0.0.1:9000" className="w-full" />
      </div>
      <div>
        <Label htmlFor={`${id}b`}>Service</Label>
        <Select id={`${id}b`} className="w-full">
          <option>shop</option>
        </Select>
      </div>
      <div>
        <Label htmlFor={`${id}c`}>Refused</Label>
        <Input id={`${id}c`} aria-invalid aria-describedby={`${id}why`} defaultValue="ftp://files" className="w-full" />
        <p id={`${id}why`} className="mt-1 text-xs text-bad">
          http or https.
        </p>
      </div>
      <div>
        <Label htmlFor={`${id}d`}>Disabled</Label>
        <Input id={`${id}d`} disabled defaultValue="local" className="w-full" />
      </div>
    </div>
  );
}

function Modes() {
  const [mode, setMode] = useState<'soft' | 'hard'>('soft');
  return (
    <div className="w-full max-w-md">
      <Choices
        label="How"
        value={mode}
        onChange={setMode}
        choices={[
          { key: 'soft', word: 'Mark stale', does: 'Refreshed when next asked for. Can be undone.', note: 'default' },
          { key: 'hard', word: 'Delete', does: 'Gone at once: where the content is wrong or private.' },
        ]}
      />
    </div>
  );
}

function Views() {
  const [tab, setTab] = useState<'routes' | 'requests'>('routes');
  return (
    <div className="w-full">
      <Tabs
        label="Traffic"
        value={tab}
        onChange={setTab}
        tabs={[
          { key: 'routes', name: 'Routes', note: '31' },
          { key: 'requests', name: 'Live requests' },
        ]}
      >
        <p className="py-3 text-text-2">{tab === 'routes' ? 'Summed up by route.' : 'One by one.'}</p>
      </Tabs>
    </div>
  );
}

export const CONTROLS: readonly Specimen[] = [
  {
    name: 'Kbd',
    note: 'One key, with Ctrl or ⌘, one after the other',
    Show: () => (
      <>
        <Kbd keys="p" /> <Kbd keys="Mod+k" /> <Kbd keys="g p" />
      </>
    ),
  },
  {
    name: 'Button',
    note: 'Hover: a ground. Focus: an outline of 2 px. Touch: 44 px',
    Show: () => (
      <>
        <Button>Plain</Button>
        <Button kind="strong">Strong</Button>
        <Button kind="quiet">Quiet</Button>
        <Button kind="chosen" aria-pressed>
          Chosen
        </Button>
        <Button kind="danger">Delete? Press again</Button>
        <Button disabled>Disabled</Button>
        <Button kind="strong" disabled>
          Switching…
        </Button>
        <Button>
          <Pause size={14} aria-hidden /> Pause
        </Button>
        <Button square kind="quiet" aria-label="Retry">
          <RotateCw size={16} aria-hidden />
        </Button>
      </>
    ),
  },
  {
    name: 'GuardedButton',
    note: 'Disabled where one may not, with the role it needs; keyboards still reach it',
    Show: () => (
      <>
        <GuardedButton needs="clear">Mark stale</GuardedButton>
        <Button aria-disabled title={refusalOf('clear')}>
          Not allowed
        </Button>
      </>
    ),
  },
  {
    name: 'TwiceButton',
    note: 'The second press, within 5 s, does it',
    Show: () => <TwiceButton word="Remove" what="nothing" onConfirm={() => undefined} />,
  },
  { name: 'Input Select Label', note: 'Hover, focus, refused, disabled', Show: Fields },
  {
    name: 'TextField PasswordField',
    note: 'What is expected is said before anything is wrong',
    Show: () => (
      <div className="grid w-full gap-3 sm:grid-cols-2">
        <TextField label="E-mail address" hint="They log in with it." />
        <TextField label="Name" wrong="Say how others shall see you." />
        <form>
          <PasswordField label="Password" autoComplete="off" hint="At least 12 characters." />
        </form>
      </div>
    ),
  },
  { name: 'Tabs', note: 'Arrows move', Show: Views },
  { name: 'Choices', note: 'Arrows move', Show: Modes },
  {
    name: 'Tip',
    note: 'Hover, focus or tap',
    Show: () => (
      <Tip text="95 of 100 requests that needed the origin had their first byte within this time.">
        <button type="button" className="underline decoration-dotted underline-offset-4">
          p95 miss
        </button>
      </Tip>
    ),
  },
];
