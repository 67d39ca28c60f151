'use client';

import { useEffect, useId, useState, type FormEvent } from 'react';
import type { ServiceState } from '@/lib/contracts/overview';
import { Button } from '@/components/ui/button';
import { describeFailure } from '@/hooks/api-error';
import { CLEAR_KINDS, scopeOf, type ClearDraft, type ClearKind } from '@/hooks/clear-draft';
import { useClear } from '@/hooks/use-clear';

const KIND: Readonly<Record<ClearKind, { readonly name: string; readonly example: string }>> = {
  key: { name: 'URL', example: 'http://shop.example/chairs?page=2' },
  tag: { name: 'Tag', example: 'chat:42' },
  prefix: { name: 'Prefix', example: 'http://shop.example/img/' },
  glob: { name: 'Pattern', example: 'http://shop.example/*/draft-*' },
  service: { name: 'Service', example: '' },
  all: { name: 'Everything', example: '' },
};

const MODE = [
  ['soft', 'Mark stale', 'Refreshed when next asked for. Can be undone.'],
  ['hard', 'Delete', 'Gone at once: where the content is wrong or private. Can’t be undone.'],
] as const;

/** ms within which the second press has to come. */
export const CONFIRM_MS = 5_000;

const LABEL = 'mb-1 block text-xs font-medium text-text-2';
const FIELD = 'block h-8 w-full min-w-0 rounded-md border border-line-strong bg-bg px-3 placeholder:text-text-3';

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
  const ids = useId();
  const { send, pending, error } = useClear();
  const [draft, setDraft] = useState(given);
  const [mode, setMode] = useState<'soft' | 'hard'>('soft');
  const [typed, setTyped] = useState('');
  const [armed, setArmed] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [armed]);

  const { kind } = draft;
  const edit = (part: Partial<ClearDraft>) => {
    setDraft({ ...draft, ...part });
    setArmed(false);
    setWrong(null);
  };
  const twice = mode === 'hard' || kind === 'service';
  const verb = mode === 'hard' ? 'Delete' : 'Mark stale';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = scopeOf(draft);
    if ('wrong' in parsed) return setWrong(parsed.wrong);
    if (kind === 'all' && typed.trim() !== environment) return setWrong(`Type ${environment} to clear everything.`);
    if (twice && !armed) return setArmed(true);
    setArmed(false);
    if (await send({ scope: parsed.scope, mode })) onDone();
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-4" noValidate>
      <div className="grid grid-cols-[120px_minmax(0,1fr)] gap-2">
        <label htmlFor={`${ids}kind`} className="sr-only">
          What to clear
        </label>
        <select
          id={`${ids}kind`}
          value={kind}
          onChange={(event) => {
            const next = CLEAR_KINDS.find((each) => each === event.target.value) ?? kind;
            edit({
              kind: next,
              text: next === 'service' ? (services[0]?.service ?? '') : kind === 'service' ? '' : draft.text,
            });
          }}
          className={FIELD}
        >
          {CLEAR_KINDS.map((each) => (
            <option key={each} value={each}>
              {KIND[each].name}
            </option>
          ))}
        </select>
        {kind === 'service' ? (
          <select
            aria-label="Service to clear"
            value={draft.text}
            onChange={(event) => edit({ text: event.target.value })}
            className={FIELD}
          >
            {services.map(({ service }) => (
              <option key={service}>{service}</option>
            ))}
          </select>
        ) : (
          <input
            data-first
            aria-label={kind === 'all' ? `Type ${environment} to confirm` : KIND[kind].name}
            value={kind === 'all' ? typed : draft.text}
            onChange={(event) => {
              if (kind !== 'all') return edit({ text: event.target.value });
              setTyped(event.target.value);
              edit({});
            }}
            placeholder={kind === 'all' ? `Type ${environment} to confirm` : KIND[kind].example}
            aria-invalid={wrong !== null}
            aria-describedby={`${ids}wrong`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className={`${FIELD} ${kind === 'all' ? '' : 'font-mono text-xs'}`}
          />
        )}
        <p id={`${ids}wrong`} role="alert" className="col-span-2 -mt-1 text-xs text-bad empty:hidden">
          {wrong}
        </p>
      </div>
      {(kind === 'tag' || kind === 'prefix' || kind === 'glob') && services.length > 1 && (
        <div>
          <label htmlFor={`${ids}service`} className={LABEL}>
            Within
          </label>
          <select
            id={`${ids}service`}
            value={draft.service}
            onChange={(event) => edit({ service: event.target.value })}
            className={FIELD}
          >
            <option value="">Any service</option>
            {services.map(({ service }) => (
              <option key={service}>{service}</option>
            ))}
          </select>
        </div>
      )}
      <fieldset>
        <legend className={LABEL}>How</legend>
        <div className="divide-y divide-line rounded-md border border-line-strong">
          {MODE.map(([value, word, does]) => (
            <label key={value} className="flex cursor-pointer items-start gap-3 px-3 py-2 has-checked:bg-hover">
              <input
                type="radio"
                name={`${ids}mode`}
                checked={mode === value}
                onChange={() => {
                  setMode(value);
                  setArmed(false);
                }}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="font-medium">{word}</span>
                <span className="block text-text-2">{does}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {error !== null && (
        <p role="alert" className="rounded-md bg-bad-wash px-3 py-2 text-bad">
          {describeFailure(error).title}: {describeFailure(error).detail}
        </p>
      )}
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
