'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import {
  invitedSchema,
  personListSchema,
  personSchema,
  type ChangePerson,
  type Invited,
  type NewPerson,
  type Person,
  type PersonList,
} from '../lib/contracts/people';
import { doneSchema } from '../lib/contracts/session';
import { useApi } from './use-api';
import { useReading, type Reading } from './use-reading';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { SESSION_KEY } from './use-session';
import { useToasts } from './use-toasts';

const KEY = ['people'] as const;
const pathOf = ({ id }: Person): string => `/api/people/${encodeURIComponent(id)}`;

export const usePeople = (enabled = true): Reading<PersonList> =>
  useReading(KEY, '/api/people', personListSchema, enabled);

/** Adds somebody; `onInvited` gets the link, which nobody sees again. */
export function useAddPerson(onInvited: (invited: Invited) => void): Mutation<NewPerson> {
  const api = useApi();
  const client = useQueryClient();
  const add = useCallback(
    async (given: NewPerson) => {
      onInvited(await api.send('POST', '/api/people', given, invitedSchema));
      await client.invalidateQueries({ queryKey: KEY });
    },
    [api, client, onInvited],
  );
  return useMutationOnce('add-person', add);
}

export type PersonAct =
  | { readonly kind: 'change'; readonly change: ChangePerson; readonly said: string }
  | { readonly kind: 'invite' }
  | { readonly kind: 'remove' };

/** Changes, invites anew or removes one person, and says so. */
export function usePersonActs(person: Person, onInvited: (invited: Invited) => void): Mutation<PersonAct> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const act = useCallback(
    async (what: PersonAct) => {
      const path = pathOf(person);
      if (what.kind === 'invite') return onInvited(await api.send('POST', `${path}/invite`, {}, invitedSchema));
      if (what.kind === 'change') {
        await api.send('PATCH', path, what.change, personSchema);
        toasts.show({ tone: 'good', title: what.said });
      } else {
        await api.send('DELETE', path, undefined, doneSchema);
        toasts.show({ tone: 'good', title: `${person.name} is removed` });
      }
      // Whoever changes themselves may something else now.
      void client.invalidateQueries({ queryKey: SESSION_KEY });
      await client.invalidateQueries({ queryKey: KEY });
    },
    [api, client, toasts, person, onInvited],
  );
  return useMutationOnce(`person ${person.id}`, act);
}
