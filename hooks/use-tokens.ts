'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { doneSchema } from '../lib/contracts/session';
import {
  newTokenAnswerSchema,
  tokenListSchema,
  type NewToken,
  type NewTokenAnswer,
  type Token,
  type TokenList,
} from '../lib/contracts/tokens';
import { useApi } from './use-api';
import { useReading, type Reading } from './use-reading';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';

const KEY = ['tokens'] as const;

export const useTokens = (enabled = true): Reading<TokenList> =>
  useReading(KEY, '/api/tokens', tokenListSchema, enabled);

/** Makes a token; `onMade` gets the secret, which nobody sees again. */
export function useMakeToken(onMade: (answer: NewTokenAnswer) => void): Mutation<NewToken> {
  const api = useApi();
  const client = useQueryClient();
  const make = useCallback(
    async (given: NewToken) => {
      onMade(await api.send('POST', '/api/tokens', given, newTokenAnswerSchema));
      await client.invalidateQueries({ queryKey: KEY });
    },
    [api, client, onMade],
  );
  return useMutationOnce('make-token', make);
}

export function useRevokeToken({ id, name }: Token): Mutation<void> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const revoke = useCallback(async () => {
    await api.send('DELETE', `/api/tokens/${encodeURIComponent(id)}`, undefined, doneSchema);
    toasts.show({ tone: 'good', title: `Token ${name} is revoked`, detail: 'What used it is refused from now on.' });
    await client.invalidateQueries({ queryKey: KEY });
  }, [api, client, toasts, id, name]);
  return useMutationOnce(`token ${id}`, revoke);
}
