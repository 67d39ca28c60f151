'use client';

import { useId, useRef, useState, type ChangeEvent } from 'react';
import { FileText } from 'lucide-react';
import { CONFIG_BYTES, type ConfigCheck, type ConfigFault } from '@/lib/contracts/config-versions';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Label } from '@/components/ui/field';
import { formatCounted } from '@/components/ui/format';
import { Problem } from '@/components/ui/problem';
import { useCheckConfig, useImportConfig } from '@/hooks/use-config-versions';
import { ConfigDiff } from './config-diff';

/** Where a line of a text begins, characters. @param line from 1 */
function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) at = text.indexOf('\n', at) + 1 || text.length;
  return at;
}

interface FaultsProps {
  readonly faults: readonly ConfigFault[];
  readonly onGo: (fault: ConfigFault) => void;
}

function Faults({ faults, onGo }: FaultsProps) {
  return (
    <section role="alert" aria-label="Faults" className="rounded-md bg-bad-wash px-3 py-2">
      <p className="font-medium text-bad">
        {formatCounted(faults.length, 'fault', 'faults')}
        {faults.length === 100 && ' at least'}: this can’t run.
      </p>
      <ul className="mt-1 max-h-48 space-y-0.5 overflow-y-auto">
        {faults.map((fault, index) => (
          <li key={index} className="flex items-start gap-2 [overflow-wrap:anywhere]">
            <button
              type="button"
              onClick={() => onGo(fault)}
              className="shrink-0 rounded-sm font-mono text-xs leading-6 underline"
            >
              Line {fault.line}
            </button>
            <span className="min-w-0 leading-6">
              <code className="font-mono text-xs">{fault.path}</code>: {fault.message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A configuration is pasted or chosen, checked, looked at, and applied. */
export function ImportConfig({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [yaml, setYaml] = useState('');
  const [check, setCheck] = useState<ConfigCheck | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const checking = useCheckConfig(setCheck);
  const applying = useImportConfig();
  const text = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);

  function change(next: string) {
    setYaml(next);
    setCheck(null);
    setTooLarge(false);
  }

  async function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const chosen = target.files?.[0];
    target.value = '';
    if (chosen === undefined) return;
    if (chosen.size > CONFIG_BYTES) return setTooLarge(true);
    change(await chosen.text());
  }

  function goTo({ line, column }: ConfigFault) {
    const at = startOfLine(yaml, line) + column - 1;
    text.current?.focus();
    text.current?.setSelectionRange(at, at);
    // Browsers don't scroll to a selection that a script makes.
    if (text.current !== null) text.current.scrollTop = Math.max(0, (line - 4) * 20);
  }

  const good = check !== null && check.faults.length === 0 ? check : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      wide
      title="Import a configuration"
      description="It’s checked first, and you see what it would change. Where it says [redacted] for a secret, the one that runs stays."
    >
      <div className="mt-4 space-y-3">
        <div>
          <div className="mb-1 flex items-end justify-between gap-2">
            <Label htmlFor={id}>The whole configuration, in YAML</Label>
            <Button onClick={() => file.current?.click()}>
              <FileText size={14} aria-hidden />
              Choose a file…
            </Button>
            <input
              ref={file}
              type="file"
              accept=".yaml,.yml,.json,application/yaml"
              aria-label="Choose a file"
              onChange={choose}
              hidden
            />
          </div>
          <textarea
            id={id}
            ref={text}
            data-first
            value={yaml}
            onChange={(event) => change(event.target.value)}
            spellCheck={false}
            wrap="off"
            rows={10}
            aria-invalid={check !== null && check.faults.length > 0}
            placeholder={'services:\n  - name: shop\n    targets: [{ url: http://127.0.0.1:9000 }]'}
            className="w-full resize-y rounded-md border border-line-field bg-raised p-3 font-mono text-base leading-5 text-text placeholder:text-text-3 aria-invalid:border-bad md:text-xs"
          />
          <p role="alert" className="mt-1 text-xs text-bad empty:hidden">
            {tooLarge ? 'That file is larger than 1 MiB, the most a configuration may have.' : null}
          </p>
        </div>
        {check !== null && check.faults.length > 0 && <Faults faults={check.faults} onGo={goTo} />}
        {good !== null && (
          <section aria-label="What it would change">
            <p className="mb-2" role="status">
              {good.words}
            </p>
            {good.diff !== null && <ConfigDiff label="Changes against what runs" diff={good.diff} />}
          </section>
        )}
        <Problem error={checking.error ?? applying.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button
            kind={good === null ? 'strong' : 'plain'}
            disabled={checking.pending || yaml.trim() === ''}
            onClick={() => void checking.send(yaml)}
          >
            {checking.pending ? 'Checking…' : good === null ? 'Check' : 'Check again'}
          </Button>
          {good !== null && (
            <Button
              kind="strong"
              disabled={applying.pending}
              onClick={async () => (await applying.send({ yaml, base: good.base })) && onClose()}
            >
              {applying.pending ? 'Applying…' : 'Apply'}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
