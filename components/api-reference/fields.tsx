import type { JsonSchema } from '@/lib/contracts/openapi';
import { fieldRows } from './field-rows';
import { Inline } from './prose';
import { TypeText } from './type-text';

/** The fields of a value, one a line: name, type, what it means. */
export function Fields({ schema, label, optional }: { schema: JsonSchema; label: string; optional: string }) {
  const rows = fieldRows(schema);
  if (rows.length === 0) return null;
  return (
    <dl aria-label={label} className="mt-1 divide-y divide-line border-y border-line">
      {rows.map((row, i) =>
        row.kind === 'form' ? (
          <div key={i} className="bg-hover px-2 py-1 font-mono text-xs text-text-2">
            <dt>{row.label}</dt>
          </div>
        ) : (
          <div key={i} className="grid gap-x-4 py-1 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <dt className="min-w-0 font-mono text-xs leading-5 break-words">
              {row.path}
              {!row.required && <span className="font-sans text-text-3"> {optional}</span>}
            </dt>
            <dd className="min-w-0 text-xs leading-5 break-words text-text-2">
              <TypeText parts={row.type} />
              {row.bounds !== '' && <span className="text-text-3"> {row.bounds}</span>}
              {row.description !== '' && (
                <span className="block text-text-2">
                  <Inline text={row.description} />
                </span>
              )}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}
