import { ChevronRight } from 'lucide-react';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import { classes } from '@/components/ui/classes';
import type { View } from '@/hooks/view';
import { ViewLink } from './view-link';

interface BreadcrumbProps {
  readonly view: View;
  readonly onChange: (part: Partial<View>) => void;
}

interface Crumb {
  readonly name: string;
  readonly mono: boolean;
  readonly part: Partial<View>;
}

/** The way from everything to what is looked at; nothing where that is everything. */
function crumbsOf({ service, route, reason }: View): Crumb[] {
  const crumbs: Crumb[] = [{ name: 'All services', mono: false, part: { service: 'all', route: null, reason: null } }];
  if (service !== 'all') crumbs.push({ name: service, mono: false, part: { service, route: null, reason: null } });
  if (route !== null) {
    const name = route === '*' ? 'everything else' : route;
    crumbs.push({ name, mono: route !== '*', part: { service, route, reason: null } });
  }
  if (reason !== null) crumbs.push({ name: MISS_REASON[reason].words, mono: false, part: { reason } });
  return crumbs.length === 1 ? [] : crumbs;
}

/** "All services / chat / chat-history", each a way back. */
export function Breadcrumb({ view, onChange }: BreadcrumbProps) {
  const crumbs = crumbsOf(view);
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <ol className="flex flex-wrap items-center gap-x-1 gap-y-0.5 text-sm">
        {crumbs.map(({ name, mono, part }, i) => {
          const last = i === crumbs.length - 1;
          return (
            <li key={i} className="flex min-w-0 items-center gap-1">
              {i > 0 && <ChevronRight size={14} aria-hidden className="shrink-0 text-text-3" />}
              <ViewLink
                view={view}
                part={part}
                onChange={onChange}
                aria-current={last ? 'page' : undefined}
                className={classes(
                  'truncate py-1 hover:underline',
                  mono && 'font-mono text-xs',
                  last ? 'font-medium text-text' : 'text-text-2',
                )}
              >
                {name}
              </ViewLink>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
