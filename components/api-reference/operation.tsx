import type { ApiParameter } from '@/lib/contracts/openapi';
import { Pill } from '@/components/ui/pill';
import { Fields } from './fields';
import type { ShownOperation } from './operations';
import { Inline } from './prose';
import { Request, type Input } from './request';
import { boundsOf, typeParts } from './type-parts';
import { TypeText } from './type-text';

const HEAD = 'mt-4 text-xs font-medium text-text-2';

/** One operation: what it does, takes, answers and fails with, and the command for it. */
export function Operation({ operation }: { operation: ShownOperation }) {
  const { id, verb, path, summary, description, parameters, body, answers, failures } = operation;
  return (
    <article
      id={id}
      aria-labelledby={`${id}-name`}
      className="scroll-mt-16 border-t border-line py-6 max-md:scroll-mt-32"
    >
      <h3 id={`${id}-name`} className="text-base font-medium">
        <a href={`#${id}`} className="hover:underline">
          {summary}
        </a>
      </h3>
      <p className="mt-1 font-mono text-xs break-all text-text-2">
        <Pill tone="outline" className="mr-2 uppercase">
          {verb}
        </Pill>
        {path}
      </p>
      <div className="mt-2 grid gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
        <div className="min-w-0">
          {description !== undefined && (
            <p className="max-w-[72ch] text-text-2">
              <Inline text={description} />
            </p>
          )}
          <Parameters parameters={parameters} />
          {body !== undefined && (
            <>
              <h4 className={HEAD}>Body</h4>
              <Fields schema={body.schema} label={`Body of ${id}`} optional="may be missing" />
            </>
          )}
          {answers.map(({ type, schema }) => (
            <div key={type}>
              <h4 className={HEAD}>
                Answer <span className="font-mono font-normal text-text-3">{type}</span>{' '}
                {schema.$ref !== undefined && <TypeText parts={typeParts(schema)} />}
              </h4>
              <Fields schema={schema} label={`Answer of ${id}`} optional="may be missing" />
            </div>
          ))}
          {failures.length > 0 && (
            <p className="mt-4 flex flex-wrap gap-x-3 text-xs leading-5 text-text-2">
              <span className="font-medium">Fails with</span>
              {failures.map(({ status, codes }) => (
                <span key={status}>
                  {status}{' '}
                  {codes.map((code, i) => (
                    <span key={code}>
                      {i > 0 && ', '}
                      <a href={`#code-${code}`} className="font-mono text-accent underline underline-offset-2">
                        {code}
                      </a>
                    </span>
                  ))}
                </span>
              ))}
            </p>
          )}
        </div>
        <Request verb={verb} path={path} inputs={parameters.flatMap(inputOf)} body={body?.example} />
      </div>
    </article>
  );
}

function Parameters({ parameters }: { parameters: readonly ApiParameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <>
      <h4 className={HEAD}>Parameters</h4>
      <dl className="mt-1 divide-y divide-line border-y border-line">
        {parameters.map(({ name, in: where, schema, description, required }) => (
          <div key={name} className="grid gap-x-4 py-1 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <dt className="font-mono text-xs leading-5">
              {name}
              <span className="font-sans text-text-3">
                {' '}
                in the {where}
                {required && where === 'query' && ', needed'}
              </span>
            </dt>
            <dd className="min-w-0 text-xs leading-5 break-words text-text-2">
              <TypeText parts={typeParts(schema)} />
              <span className="text-text-3"> {boundsOf(schema)}</span>
              <span className="block">
                <Inline text={description ?? ''} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function inputOf({ name, in: where, schema, example }: ApiParameter): Input[] {
  if (where === 'header') return [];
  const fallback =
    schema.default === undefined ? (example === undefined ? '' : `e.g. ${String(example)}`) : String(schema.default);
  return [{ name, in: where, choices: schema.enum?.map(String) ?? [], fallback }];
}
