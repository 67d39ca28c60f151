'use client';

import { useId, useState, type FormEvent } from 'react';
import { setModeSchema, type ServiceState } from '@/lib/contracts/overview';
import { MODES, type Mode } from '@/lib/contracts/traffic';
import { Button } from '@/components/ui/button';
import { Choices } from '@/components/ui/choices';
import { Input, Label, Select } from '@/components/ui/field';
import { Problem } from '@/components/ui/problem';
import { useSetMode } from '@/hooks/use-set-mode';
import { MODE_WORD } from './mode-words';

const MINUTE = 60_000;
const EXPIRY: readonly { readonly words: string; readonly forMs: number | undefined }[] = [
  { words: '15 min', forMs: 15 * MINUTE },
  { words: '1 h', forMs: 60 * MINUTE },
  { words: '4 h', forMs: 240 * MINUTE },
  { words: 'Until changed', forMs: undefined },
];

interface ModeFormProps {
  readonly services: readonly ServiceState[];
  readonly onDone: () => void;
  readonly onChanged: () => void;
}

/** Mode, reason and expiry of one service. */
export function ModeForm({ services, onDone, onChanged }: ModeFormProps) {
  const ids = useId();
  const [service, setService] = useState(services[0]?.service ?? '');
  const before = services.find((each) => each.service === service);
  const current = before?.mode;
  const [mode, setMode] = useState<Mode>(current === 'observe' ? 'cache' : 'observe');
  const [reason, setReason] = useState('');
  const [expiry, setExpiry] = useState(1);
  const [complaint, setComplaint] = useState<string | null>(null);
  const { send, pending, error } = useSetMode(service, before, onChanged);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = setModeSchema.safeParse({ mode, reason, forMs: EXPIRY[expiry]?.forMs });
    if (!parsed.success) {
      setComplaint('Say why, in 1 to 200 characters.');
      return;
    }
    setComplaint(null);
    if (await send(parsed.data)) onDone();
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-4" noValidate>
      {services.length > 1 && (
        <div>
          <Label htmlFor={`${ids}service`}>Service</Label>
          <Select
            id={`${ids}service`}
            value={service}
            onChange={(event) => setService(event.target.value)}
            className="w-full"
          >
            {services.map((each) => (
              <option key={each.service}>{each.service}</option>
            ))}
          </Select>
        </div>
      )}
      <Choices
        label="Mode"
        value={mode}
        onChange={setMode}
        choices={MODES.map((key) => ({
          key,
          ...MODE_WORD[key],
          note: key === current ? 'active now' : undefined,
        }))}
      />
      <div>
        <Label htmlFor={`${ids}reason`}>Reason (required)</Label>
        <Input
          id={`${ids}reason`}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          required
          aria-invalid={complaint !== null}
          aria-describedby={`${ids}complaint`}
          placeholder="Comparing with yesterday’s origin load"
          className="w-full"
        />
        <p id={`${ids}complaint`} role="alert" className="text-xs text-bad">
          {complaint}
        </p>
      </div>
      <fieldset>
        <Label as="legend">For</Label>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {EXPIRY.map(({ words }, i) => (
            <label key={words} className="inline-flex h-8 cursor-pointer items-center gap-2">
              <input
                type="radio"
                name={`${ids}expiry`}
                checked={expiry === i}
                onChange={() => setExpiry(i)}
                className="accent-accent"
              />
              {words}
            </label>
          ))}
        </div>
      </fieldset>
      <Problem error={error} />
      <Button type="submit" kind="strong" disabled={pending} className="w-full">
        {pending ? 'Switching…' : `Switch ${service} to ${mode}`}
      </Button>
    </form>
  );
}
