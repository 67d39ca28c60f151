'use client';

import { PERMISSIONS } from '@/lib/contracts/access';
import type { Token } from '@/lib/contracts/tokens';
import { classes } from '@/components/ui/classes';
import { formatDuration, formatWhen } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { Problem } from '@/components/ui/problem';
import { StateWord } from '@/components/ui/state';
import { TwiceButton } from '@/components/ui/twice-button';
import { useNow } from '@/hooks/use-now';
import { useRevokeToken } from '@/hooks/use-tokens';
import { CELL, LINE, ROW } from './table-look';

/** ms before its end at which a token asks for attention. */
const SOON = 7 * 86_400_000;

function Expires({ at, now }: { at: number; now: number }) {
  const left = at - now;
  if (left <= 0) return <StateWord state="bad" word="Expired" size={12} />;
  if (left < SOON) return <StateWord state="watch" word={`in ${formatDuration(left)}`} size={12} />;
  return `in ${formatDuration(left)}`;
}

/** One token, by how it begins: the rest of it nobody knows. */
export function TokenRow({ token }: { token: Token }) {
  const { send, pending, error } = useRevokeToken(token);
  const now = useNow(false);
  const { name, start, scopes, createdBy, lastUsedAt, expiresAt } = token;
  return (
    <>
      <tr className={ROW}>
        <th scope="row" className={classes(CELL, 'max-md:flex-1')}>
          <span className="block max-w-56 truncate font-medium" title={name}>
            {name}
          </span>
        </th>
        <td className={CELL}>
          <code className="font-mono text-xs">{start}…</code>
        </td>
        <td className={classes(CELL, LINE)}>
          <span className="flex flex-wrap gap-1">
            {scopes.map((scope) => (
              <Pill key={scope} title={PERMISSIONS[scope]}>
                {scope}
              </Pill>
            ))}
          </span>
        </td>
        <td className={CELL}>
          <span className="text-text-3 md:hidden">by </span>
          {createdBy}
        </td>
        <td className={classes(CELL, 'whitespace-nowrap')}>
          <span className="text-text-3 md:hidden">used </span>
          {lastUsedAt === null ? 'never' : formatWhen(lastUsedAt, now)}
        </td>
        <td className={classes(CELL, 'whitespace-nowrap')}>
          <span className="text-text-3 md:hidden">ends </span>
          <Expires at={expiresAt} now={now} />
        </td>
        <td className={classes(CELL, LINE)}>
          <span className="flex max-md:-ml-2 md:justify-end">
            <TwiceButton word="Revoke" what={name} disabled={pending} onConfirm={() => void send()} />
          </span>
        </td>
      </tr>
      {error !== null && (
        <tr className="max-md:block">
          <td colSpan={7} className="pb-2 max-md:block">
            <Problem error={error} />
          </td>
        </tr>
      )}
    </>
  );
}
