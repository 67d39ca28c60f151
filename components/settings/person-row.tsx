'use client';

import { useState } from 'react';
import { Link2 } from 'lucide-react';
import { ROLES, type Role } from '@/lib/contracts/access';
import type { Invited, Person } from '@/lib/contracts/people';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Select } from '@/components/ui/field';
import { formatWhen } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { Problem } from '@/components/ui/problem';
import { StateWord } from '@/components/ui/state';
import { TwiceButton } from '@/components/ui/twice-button';
import { useNow } from '@/hooks/use-now';
import { usePersonActs } from '@/hooks/use-people';
import { RoleDialog } from './role-dialog';
import { CELL, LINE, ROW } from './table-look';

function State({ person: { disabled, joined } }: { person: Person }) {
  if (disabled) return <StateWord state="watch" word="Disabled" size={12} />;
  if (!joined) return <StateWord state="unknown" word="Invited" size={12} />;
  return <StateWord state="good" word="Active" size={12} />;
}

interface PersonRowProps {
  readonly person: Person;
  /** Whether that's who looks. */
  readonly self: boolean;
  readonly onInvited: (invited: Invited) => void;
}

/** One person, and what can be changed of them. */
export function PersonRow({ person, self, onInvited }: PersonRowProps) {
  const { name, email, role, disabled, lastSeenAt } = person;
  const [wanted, setWanted] = useState<Role | null>(null);
  const now = useNow(false);
  const { send, pending, error } = usePersonActs(person, onInvited);
  const seen = lastSeenAt === null ? 'never' : formatWhen(lastSeenAt, now);

  async function change() {
    if (wanted === null) return;
    if (await send({ kind: 'change', change: { role: wanted }, said: `${name} is ${wanted} now` })) setWanted(null);
  }

  const able = (may: boolean): void => {
    const said = may ? `${name} can log in again` : `${name} can’t log in any more`;
    void send({ kind: 'change', change: { disabled: !may }, said });
  };

  return (
    <>
      <tr className={classes(ROW, disabled && 'text-text-2')}>
        <th scope="row" className={classes(CELL, 'max-md:min-w-0 max-md:flex-1')}>
          <span className="inline-flex max-w-64 min-w-0 items-center gap-2">
            <span className="truncate font-medium">{name}</span>
            {self && <Pill>you</Pill>}
          </span>
        </th>
        <td className={classes(CELL, LINE, 'max-md:order-2')}>
          <span className="block max-w-80 truncate text-text-2" title={email}>
            {email}
          </span>
        </td>
        <td className={classes(CELL, 'max-md:order-3')}>
          <Select
            aria-label={`Role of ${name}`}
            value={role}
            disabled={pending}
            onChange={(event) => setWanted(ROLES.find((each) => each === event.target.value) ?? null)}
          >
            {ROLES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </td>
        <td className={classes(CELL, 'whitespace-nowrap max-md:order-3')}>
          <span className="text-text-3 md:hidden">seen </span>
          {seen}
        </td>
        <td className={classes(CELL, 'max-md:order-1')}>
          <State person={person} />
        </td>
        <td className={classes(CELL, LINE, 'max-md:order-4')}>
          <span className="flex items-center gap-1 max-md:-ml-2 md:justify-end">
            <Button
              kind="quiet"
              disabled={pending}
              onClick={() => void send({ kind: 'invite' })}
              aria-label={`New link for ${name}`}
              title="A link that sets a password anew, once"
            >
              <Link2 size={14} aria-hidden />
              New link
            </Button>
            {disabled ? (
              <Button kind="quiet" disabled={pending} onClick={() => able(true)} aria-label={`Enable ${name}`}>
                Enable
              </Button>
            ) : (
              <TwiceButton word="Disable" what={name} disabled={pending} onConfirm={() => able(false)} />
            )}
            <TwiceButton word="Remove" what={name} disabled={pending} onConfirm={() => void send({ kind: 'remove' })} />
          </span>
          {wanted !== null && (
            <RoleDialog
              person={person}
              self={self}
              wanted={wanted}
              pending={pending}
              error={error}
              onConfirm={() => void change()}
              onClose={() => setWanted(null)}
            />
          )}
        </td>
      </tr>
      {error !== null && wanted === null && (
        <tr className="max-md:block">
          <td colSpan={6} className="pb-2 max-md:block">
            <Problem error={error} />
          </td>
        </tr>
      )}
    </>
  );
}
