import type { ApiDocument } from '@/lib/contracts/openapi';
import { Contents } from './contents';
import { Fields } from './fields';
import { Find, Findable, FindField } from './find';
import { Operation } from './operation';
import { operationGroups, searchTextOf } from './operations';
import { Inline, Prose } from './prose';

const SECTION = 'scroll-mt-16 text-base font-semibold max-md:scroll-mt-32';

/** The API's reference, all of it out of the OpenAPI document. */
export function ApiReference({ document }: { document: ApiDocument }) {
  const groups = operationGroups(document);
  const texts = groups.flatMap(({ operations }) => operations.map(searchTextOf));
  const { Problem: problem, ...schemas } = document.components.schemas;
  return (
    <Find>
      <h1 className="text-xl font-semibold">
        API reference <span className="text-sm font-normal text-text-3">version {document.info.version}</span>
      </h1>
      <p className="mt-1 text-text-2">
        {document.info.summary} For programs:{' '}
        <a href="/api/openapi.json" className="font-mono text-xs text-accent underline underline-offset-2">
          /api/openapi.json
        </a>{' '}
        (OpenAPI {document.openapi}).
      </p>
      <div className="mt-4 grid gap-x-10 pb-16 lg:grid-cols-[240px_minmax(0,1fr)]">
        <div className="lg:sticky lg:top-16 lg:max-h-[calc(100dvh-80px)] lg:self-start lg:overflow-y-auto lg:pb-4">
          <FindField texts={texts} />
          <div className="max-lg:hidden">
            <Contents groups={groups} />
          </div>
        </div>
        <div className="min-w-0">
          <Prose text={document.info.description} />
          <details className="mt-4 lg:hidden">
            <summary className="h-8 font-medium">Contents</summary>
            <Contents groups={groups} />
          </details>
          {groups.map(({ tag, description, operations }) => (
            <Findable key={tag} text={operations.map(searchTextOf).join(' ')}>
              <section className="mt-8">
                <h2 id={`tag-${tag}`} className={SECTION}>
                  {tag}
                </h2>
                <p className="mb-4 text-text-2">
                  <Inline text={description} />
                </p>
                {operations.map((operation) => (
                  <Findable key={operation.id} text={searchTextOf(operation)}>
                    <Operation operation={operation} />
                  </Findable>
                ))}
              </section>
            </Findable>
          ))}
          <section className="mt-8">
            <h2 id="schemas" className={SECTION}>
              Schemas
            </h2>
            {Object.entries({ ...schemas, Problem: problem }).map(
              ([name, schema]) =>
                schema !== undefined && (
                  <section key={name} className="border-t border-line py-4">
                    <h3
                      id={`schema-${name}`}
                      className="scroll-mt-16 font-mono text-sm font-medium max-md:scroll-mt-32"
                    >
                      {name}
                    </h3>
                    {schema.description !== undefined && (
                      <p className="text-text-2">
                        <Inline text={schema.description} />
                      </p>
                    )}
                    <Fields schema={schema} label={`Fields of ${name}`} optional="may be missing" />
                  </section>
                ),
            )}
          </section>
          <section className="mt-8">
            <h2 id="codes" className={SECTION}>
              Problem codes
            </h2>
            <p className="mb-2 text-text-2">The gateway’s port answers with the same documents.</p>
            <dl className="divide-y divide-line border-y border-line">
              {problem?.properties?.code?.oneOf?.map(({ const: code, title, description }) => (
                <div
                  key={String(code)}
                  id={`code-${String(code)}`}
                  className="grid scroll-mt-16 gap-x-4 py-1 text-xs leading-5 target:bg-hover max-md:scroll-mt-32 sm:grid-cols-[minmax(0,220px)_100px_minmax(0,1fr)]"
                >
                  <dt className="font-mono">{String(code)}</dt>
                  <dd className="text-text-2">
                    <Inline text={description ?? ''} />
                  </dd>
                  <dd className="text-text-2">{title}</dd>
                </div>
              ))}
            </dl>
          </section>
        </div>
      </div>
    </Find>
  );
}
