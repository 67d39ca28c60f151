'use client';

import { useId, useState, useSyncExternalStore, type FormEvent } from 'react';
import { Play } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { Input as Field, Select } from '@/components/ui/field';
import { askRaw, type RawAnswer } from '@/hooks/raw-answer';
import { Answer } from './answer';
import { curlOf, requestPath, type Filled } from './request-line';

/** A parameter to fill in. */
export interface Input {
  readonly name: string;
  readonly in: 'path' | 'query';
  /** What may be chosen; empty = any text. */
  readonly choices: readonly string[];
  /** What holds where nothing is given. */
  readonly fallback: string;
}

type Trial =
  | { readonly status: 'idle' }
  | { readonly status: 'waiting' }
  | { readonly status: 'answered'; readonly answer: RawAnswer }
  | { readonly status: 'failed'; readonly why: string };

interface RequestProps {
  readonly verb: string;
  readonly path: string;
  readonly inputs: readonly Input[];
  readonly body: string | undefined;
}

/** Not the browser's copy of an earlier answer: its status and its time are what is looked at. */
const UNCACHED = { cache: 'no-store' } as const;

const never = () => () => undefined;

/** The request as a command to copy; a GET can be sent from here. */
export function Request({ verb, path, inputs, body }: RequestProps) {
  const id = useId();
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://127.0.0.1:3000',
  );
  const [filled, setFilled] = useState<Filled>({});
  const [open, setOpen] = useState(false);
  const [trial, setTrial] = useState<Trial>({ status: 'idle' });
  const asked = inputs.filter((input) => input.in === 'query').map(({ name }) => name);
  const target = requestPath(path, asked, filled);
  const missing = inputs.find((input) => input.in === 'path' && (filled[input.name] ?? '') === '');

  async function send(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    setTrial({ status: 'waiting' });
    try {
      setTrial({ status: 'answered', answer: await askRaw(target, UNCACHED) });
    } catch (error) {
      setTrial({ status: 'failed', why: error instanceof Error ? error.message : String(error) });
    }
  }

  function press(): void {
    setOpen(!open);
    if (!open && inputs.length === 0) void send();
  }

  return (
    <div className="min-w-0">
      <CopyLine wrap text={curlOf(origin, verb, target, body)} />
      {verb === 'get' && (
        <Button className="mt-2" onClick={press} aria-expanded={open} aria-controls={id}>
          <Play size={13} aria-hidden />
          {open ? 'Close' : 'Try it'}
        </Button>
      )}
      {open && (
        <div id={id} className="mt-2">
          <form
            onSubmit={(event) => void send(event)}
            className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-2"
          >
            {inputs.map(({ name, in: where, choices, fallback }) => (
              <label key={name} className="contents">
                <span className="font-mono text-xs text-text-2">
                  {name}
                  {where === 'path' && <span className="text-text-3"> (needed)</span>}
                </span>
                {choices.length > 0 ? (
                  <Select
                    mono
                    value={filled[name] ?? ''}
                    onChange={(event) => setFilled({ ...filled, [name]: event.target.value })}
                  >
                    <option value="">{fallback}</option>
                    {choices.map((choice) => (
                      <option key={choice}>{choice}</option>
                    ))}
                  </Select>
                ) : (
                  <Field
                    mono
                    value={filled[name] ?? ''}
                    onChange={(event) => setFilled({ ...filled, [name]: event.target.value })}
                    placeholder={fallback}
                  />
                )}
              </label>
            ))}
            <Button
              type="submit"
              kind="strong"
              className="col-start-2 justify-self-start"
              disabled={trial.status === 'waiting' || missing !== undefined}
            >
              {trial.status === 'idle' ? 'Send' : 'Send again'}
            </Button>
          </form>
          <div aria-live="polite" className="mt-2">
            {missing !== undefined && <p className="text-xs text-text-3">Fill in {missing.name} to send it.</p>}
            {trial.status === 'waiting' && <p className="text-xs text-text-3">Waiting for the answer…</p>}
            {trial.status === 'failed' && <p className="text-xs text-bad">{trial.why}</p>}
            {trial.status === 'answered' && <Answer answer={trial.answer} />}
          </div>
        </div>
      )}
    </div>
  );
}
