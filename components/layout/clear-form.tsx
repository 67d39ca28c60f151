'use client';

import { useState, type FormEvent } from 'react';
import type { ServiceState } from '@/lib/contracts/overview';
import { Button } from '@/components/ui/button';
import { Choices } from '@/components/ui/choices';
import { Problem } from '@/components/ui/problem';
import { scopeOf, type ClearDraft } from '@/hooks/clear-draft';
import { useArmed } from '@/hooks/use-armed';
import { useClear } from '@/hooks/use-clear';
import { ClearScopeFields } from './clear-scope-fields';

const MODES = [
  { key: 'soft', word: 'Mark stale', does: 'Refreshed when next asked for. Can be undone.' },
  { key: 'hard', word: 'Delete', does: 'Gone at once: where the content is wrong or private. Can’t be undone.' },
] as const;

interface ClearFormProps {
  readonly draft: ClearDraft;
  readonly services: readonly ServiceState[];
  readonly environment: string;
  readonly onDone: () => void;
}

/**
 * Scope and mode of a clear. Marking stale is one press, since it can be undone; deleting, or a whole service, takes a
 * second press in time; everything takes the environment's name. Whatever is edited voids the first press.
 */
export function ClearForm({ draft: given, services, environment, onDone }: ClearFormProps) {
  const { send, pending, error } = useClear();
  const [draft, setDraft] = useState(given);
  const [mode, setMode] = useState<'soft' | 'hard'>('soft');
  const [typed, setTyped] = useState('');
  const { armed, arm, disarm } = useArmed();
  const [wrong, setWrong] = useState<string | null>(null);

  const edited = () => {
    disarm();
    setWrong(null);
  };
  const { kind } = draft;
  const twice = mode === 'hard' || kind === 'service';
  const verb = mode === 'hard' ? 'Delete' : 'Mark stale';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = scopeOf(draft);
    if ('wrong' in parsed) return setWrong(parsed.wrong);
    if (kind === 'all' && typed.trim() !== environment) return setWrong(`Type ${environment} to clear everything.`);
    if (twice && !armed) return arm();
    disarm();
    if (await send({ scope: parsed.scope, mode })) onDone();
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-4" noValidate>
      <ClearScopeFields
        draft={draft}
        onEdit={(part) => {
          setDraft({ ...draft, ...part });
          edited();
        }}
        services={services}
        environment={environment}
        typed={typed}
        onType={(text) => {
          setTyped(text);
          edited();
        }}
        wrong={wrong}
      />
      <Choices
        label="How"
        value={mode}
        onChange={(next) => {
          setMode(next);
          edited();
        }}
        choices={MODES}
      />
      <Problem error={error} />
      <div>
        <Button type="submit" kind={armed ? 'danger' : 'strong'} disabled={pending} className="w-full">
          {pending ? 'Clearing…' : armed ? `${verb}? Press again` : twice ? `${verb}…` : verb}
        </Button>
        <p role="status" className="sr-only">
          {armed ? 'Press again to confirm.' : ''}
        </p>
      </div>
    </form>
  );
}
