import { useId } from 'react';
import type { ServiceState } from '@/lib/contracts/overview';
import { Input, Label, Select } from '@/components/ui/field';
import { CLEAR_KINDS, type ClearDraft, type ClearKind } from '@/hooks/clear-draft';

const KIND: Readonly<Record<ClearKind, { readonly name: string; readonly example: string }>> = {
  key: { name: 'URL', example: 'http://shop.example/chairs?page=2' },
  tag: { name: 'Tag', example: 'chat:42' },
  prefix: { name: 'Prefix', example: 'http://shop.example/img/' },
  glob: { name: 'Pattern', example: 'http://shop.example/*/draft-*' },
  service: { name: 'Service', example: '' },
  all: { name: 'Everything', example: '' },
};

interface ClearScopeFieldsProps {
  readonly draft: ClearDraft;
  readonly onEdit: (part: Partial<ClearDraft>) => void;
  readonly services: readonly ServiceState[];
  readonly environment: string;
  /** What is typed to confirm that everything is meant. */
  readonly typed: string;
  readonly onType: (typed: string) => void;
  /** What's wrong with the draft; null while nobody has asked. */
  readonly wrong: string | null;
}

/** What to clear: the kind, and the URL, tag, prefix, pattern or service of that kind. */
export function ClearScopeFields(props: ClearScopeFieldsProps) {
  const { draft, onEdit, services, environment, typed, onType, wrong } = props;
  const ids = useId();
  const { kind } = draft;
  const confirm = `Type ${environment} to confirm`;
  const described = { 'aria-invalid': wrong !== null, 'aria-describedby': `${ids}wrong` };
  return (
    <>
      <div className="grid grid-cols-[120px_minmax(0,1fr)] gap-2">
        <Select
          aria-label="What to clear"
          value={kind}
          onChange={(event) => {
            const next = CLEAR_KINDS.find((each) => each === event.target.value) ?? kind;
            const first = services[0]?.service ?? '';
            onEdit({ kind: next, text: next === 'service' ? first : kind === 'service' ? '' : draft.text });
          }}
        >
          {CLEAR_KINDS.map((each) => (
            <option key={each} value={each}>
              {KIND[each].name}
            </option>
          ))}
        </Select>
        {kind === 'service' && (
          <Select
            aria-label="Service to clear"
            value={draft.text}
            onChange={(event) => onEdit({ text: event.target.value })}
          >
            {services.map(({ service }) => (
              <option key={service}>{service}</option>
            ))}
          </Select>
        )}
        {kind === 'all' && (
          <Input
            aria-label={confirm}
            placeholder={confirm}
            value={typed}
            onChange={(event) => onType(event.target.value)}
            {...described}
          />
        )}
        {kind !== 'service' && kind !== 'all' && (
          <Input
            data-first
            mono
            aria-label={KIND[kind].name}
            placeholder={KIND[kind].example}
            value={draft.text}
            onChange={(event) => onEdit({ text: event.target.value })}
            autoCapitalize="none"
            spellCheck={false}
            {...described}
          />
        )}
        <p id={`${ids}wrong`} role="alert" className="col-span-2 -mt-1 text-xs text-bad empty:hidden">
          {wrong}
        </p>
      </div>
      {(kind === 'tag' || kind === 'prefix' || kind === 'glob') && services.length > 1 && (
        <div>
          <Label htmlFor={`${ids}service`}>Within</Label>
          <Select
            id={`${ids}service`}
            value={draft.service}
            onChange={(event) => onEdit({ service: event.target.value })}
            className="w-full"
          >
            <option value="">Any service</option>
            {services.map(({ service }) => (
              <option key={service}>{service}</option>
            ))}
          </Select>
        </div>
      )}
    </>
  );
}
