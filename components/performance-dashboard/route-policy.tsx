'use client';

import { CopyButton } from '@/components/ui/copy-button';
import { Problem } from '@/components/ui/problem';
import { StateWord } from '@/components/ui/state';
import { TextBlock } from '@/components/ui/text-block';
import { useRunningConfig } from '@/hooks/use-running-config';
import { policyText } from './policy-text';

interface RoutePolicyProps {
  readonly service: string;
  readonly route: string;
}

/** How a route's requests are cached, as its configuration would say it. */
export function RoutePolicy({ service, route }: RoutePolicyProps) {
  const { config, error } = useRunningConfig();
  if (config === undefined) return error === null ? <p className="text-text-2">Loading…</p> : <Problem error={error} />;
  const routes = config.services.find(({ name }) => name === service)?.routes;
  const found = routes?.find(({ name }) => name === route);
  if (found === undefined) return <p className="text-text-2">It isn’t in the running configuration any more.</p>;
  const text = policyText(found.policy);
  const ignored: unknown = found.policy['ignore'];
  return (
    <>
      <p className="mb-2 flex items-center gap-x-2 text-text-2">
        <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">
          {found.methods === null ? 'any method' : found.methods.join(', ')} {found.path}
        </span>
        <span className="ml-auto">
          <CopyButton text={text} label="Copy the policy" />
        </span>
      </p>
      {Array.isArray(ignored) && ignored.length > 0 && (
        <p className="mb-2">
          <StateWord state="watch" word="Unsafe" />{' '}
          <span className="text-text-2">
            It ignores {ignored.join(', ')}: answers meant for one user may reach others.
          </span>
        </p>
      )}
      <TextBlock label="Policy" text={text} />
    </>
  );
}
