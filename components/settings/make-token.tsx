'use client';

import { useId, useRef, useState, type FormEvent } from 'react';
import { PERMISSIONS, type Permission } from '@/lib/contracts/access';
import { newTokenSchema, type NewTokenAnswer } from '@/lib/contracts/tokens';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Label, Select } from '@/components/ui/field';
import { Problem } from '@/components/ui/problem';
import { TextField } from '@/components/ui/text-field';
import { useSession } from '@/hooks/use-session';
import { useMakeToken } from '@/hooks/use-tokens';

const DAY = 86_400_000;
const DAYS = [1, 7, 30, 90, 365] as const;
const SCOPES = Object.entries(PERMISSIONS) as [Permission, string][];

interface MakeTokenProps {
  readonly onMade: (answer: NewTokenAnswer) => void;
  readonly onClose: () => void;
}

/** What uses it, what it may, and for how long. */
export function MakeToken({ onMade, onClose }: MakeTokenProps) {
  const id = useId();
  const { send, pending, error } = useMakeToken(onMade);
  const { may, refusal } = useSession();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Permission[]>([]);
  const [days, setDays] = useState(90);
  const [wrong, setWrong] = useState<readonly PropertyKey[]>([]);
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = newTokenSchema.safeParse({ name, scopes, expiresInMs: days * DAY });
    const fields = parsed.success ? [] : parsed.error.issues.map(({ path }) => path[0] ?? '');
    setWrong(fields);
    if (parsed.success) return void (await send(parsed.data));
    form.current?.querySelector<HTMLInputElement>(`[name="${String(fields[0])}"]`)?.focus();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Make a token"
      description="A secret that asks in place of a person. It’s shown once."
    >
      <form ref={form} onSubmit={submit} noValidate className="mt-4 space-y-4">
        <TextField
          label="Name"
          name="name"
          data-first
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={60}
          placeholder="Prometheus"
          hint="What uses it, so that you know later."
          wrong={wrong.includes('name') ? 'Say what uses it, in 1 to 60 characters.' : null}
        />
        <fieldset aria-describedby={`${id}scopes`}>
          <Label as="legend">It may</Label>
          <div
            role="group"
            aria-label="What it may"
            tabIndex={0}
            className="max-h-72 divide-y divide-line overflow-y-auto rounded-md border border-line-field"
          >
            {SCOPES.map(([scope, does]) => (
              <label
                key={scope}
                title={refusal(scope) ?? undefined}
                className="flex cursor-pointer items-start gap-3 px-3 py-2 has-checked:bg-hover has-disabled:cursor-not-allowed has-disabled:opacity-60"
              >
                <input
                  type="checkbox"
                  name="scopes"
                  checked={scopes.includes(scope)}
                  disabled={!may(scope)}
                  onChange={({ target }) =>
                    setScopes(target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
                  }
                  className="mt-1 accent-accent"
                />
                <span>
                  <span className="font-medium">{scope}</span>
                  <span className="block text-text-2">{does}</span>
                </span>
              </label>
            ))}
          </div>
          <p id={`${id}scopes`} role="alert" className="mt-1 text-xs text-bad empty:hidden">
            {wrong.includes('scopes') ? 'Tick at least one thing that it may.' : null}
          </p>
        </fieldset>
        <div>
          <Label htmlFor={`${id}days`}>Works for</Label>
          <Select
            id={`${id}days`}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            className="w-full"
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {each === 1 ? '1 day' : `${each} days`}
              </option>
            ))}
          </Select>
        </div>
        <Problem error={error} />
        <Button type="submit" kind="strong" disabled={pending} className="w-full">
          {pending ? 'Making…' : 'Make the token'}
        </Button>
      </form>
    </Dialog>
  );
}
