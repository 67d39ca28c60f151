'use client';

import { useState } from 'react';
import { UserPlus } from 'lucide-react';
import type { Invited } from '@/lib/contracts/people';
import { Button } from '@/components/ui/button';
import { usePeople } from '@/hooks/use-people';
import { useSession } from '@/hooks/use-session';
import { AddPerson } from './add-person';
import { InvitedDialog } from './invited-dialog';
import { PersonRow } from './person-row';
import { EmptyPlace, FailedPlace, LoadingRows } from './places';
import { TabHead } from './tab-head';
import { HEAD, TABLE, TBODY, THEAD } from './table-look';

const COLUMNS = ['Name', 'E-mail', 'Role', 'Last seen', 'State'] as const;

/** Who has an account, and what they may. */
export function PeopleTab() {
  const reading = usePeople();
  const { actor } = useSession();
  const [adding, setAdding] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const self = actor?.kind === 'person' ? actor.id : null;
  return (
    <>
      <TabHead
        action={
          <Button kind="strong" onClick={() => setAdding(true)} aria-haspopup="dialog">
            <UserPlus size={14} aria-hidden />
            Add somebody…
          </Button>
        }
      >
        Viewers look, operators act, admins change everything. Somebody who is removed is gone at once; what they did
        stays in the journal.
      </TabHead>
      {reading.status === 'loading' && <LoadingRows />}
      {reading.status === 'failed' && (
        <FailedPlace error={reading.error} retrying={reading.retrying} onRetry={reading.retry} />
      )}
      {reading.status === 'ready' && reading.data.people.length === 0 && (
        <EmptyPlace title="Nobody has an account yet">
          Whoever is at this machine is admin without one. Add yourself as an admin before others can reach this
          console.
        </EmptyPlace>
      )}
      {reading.status === 'ready' && reading.data.people.length > 0 && (
        <table className={TABLE}>
          <thead className={THEAD}>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" className={HEAD}>
                  {name}
                </th>
              ))}
              <th scope="col" className={HEAD}>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody className={TBODY}>
            {reading.data.people.map((person) => (
              <PersonRow key={person.id} person={person} self={person.id === self} onInvited={setInvited} />
            ))}
          </tbody>
        </table>
      )}
      {adding && (
        <AddPerson
          onClose={() => setAdding(false)}
          onInvited={(next) => {
            setAdding(false);
            setInvited(next);
          }}
        />
      )}
      {invited !== null && <InvitedDialog invited={invited} onClose={() => setInvited(null)} />}
    </>
  );
}
