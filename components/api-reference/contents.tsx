import { Findable } from './find';
import { searchTextOf, type OperationGroup } from './operations';

/** Where everything is: the groups and their operations. */
export function Contents({ groups }: { groups: readonly OperationGroup[] }) {
  return (
    <nav aria-label="Contents of the API" className="text-sm">
      {groups.map(({ tag, operations }) => (
        <Findable key={tag} text={operations.map(searchTextOf).join(' ')}>
          <a href={`#tag-${tag}`} className="mt-2 block text-xs leading-6 font-medium text-text-2 hover:text-text">
            {tag}
          </a>
          <ul>
            {operations.map((operation) => (
              <Findable key={operation.id} as="li" text={searchTextOf(operation)}>
                <a
                  href={`#${operation.id}`}
                  title={operation.summary}
                  className="flex gap-2 rounded-sm py-0.5 font-mono text-xs leading-5 text-text-2 hover:text-text"
                >
                  <span className="w-8 shrink-0 text-text-3 uppercase">{operation.verb}</span>
                  <span className="min-w-0 [overflow-wrap:anywhere]">{operation.path.replace(/^\/api/, '')}</span>
                </a>
              </Findable>
            ))}
          </ul>
        </Findable>
      ))}
      <ul className="mt-3 border-t border-line pt-2 text-text-2">
        <li>
          <a href="#schemas" className="block leading-6 hover:text-text">
            Schemas
          </a>
        </li>
        <li>
          <a href="#codes" className="block leading-6 hover:text-text">
            Problem codes
          </a>
        </li>
      </ul>
    </nav>
  );
}
