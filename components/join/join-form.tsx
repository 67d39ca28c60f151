'use client';

import { useRef, useState, type FormEvent } from 'react';
import type { Invitation } from '@/lib/contracts/session';
import { Button } from '@/components/ui/button';
import { PasswordField } from '@/components/ui/password-field';
import { Problem } from '@/components/ui/problem';
import { TextField } from '@/components/ui/text-field';
import { useAcceptInvitation } from '@/hooks/use-invitation';
import { checkedAnswer, lengthHint, type Complaints } from './complaints';

interface JoinFormProps {
  readonly invitation: Invitation;
  readonly secret: string;
}

/** Name, address and password of the first admin; of anybody else the password. */
export function JoinForm({ invitation, secret }: JoinFormProps) {
  const { send, pending, error } = useAcceptInvitation();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Complaints>({});
  const [length, setLength] = useState(0);
  const first = invitation.purpose === 'first-admin';

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '');
    const checked = checkedAnswer({
      secret,
      password: text('password'),
      ...(first && { name: text('name'), email: text('email').trim() }),
    });
    setWrong('wrong' in checked ? checked.wrong : {});
    if ('answer' in checked) return void (await send(checked.answer));
    const [bad] = ['name', 'email', 'password'].filter((field) => field in checked.wrong);
    const field = bad === undefined ? null : form.current?.elements.namedItem(bad);
    if (field instanceof HTMLInputElement) field.focus();
  }

  return (
    <>
      <h1 className="text-xl font-semibold [overflow-wrap:anywhere]">
        {first ? 'The first account' : `Hello ${invitation.name ?? ''}`.trim()}
      </h1>
      <p className="mt-2 text-text-2">
        {first
          ? 'It’s an admin: it may do everything here, and adds the others.'
          : 'Choose a password, and you are in. It takes the place of any you had.'}
      </p>
      <form ref={form} method="post" onSubmit={submit} noValidate className="mt-6 space-y-4">
        {first ? (
          <>
            <TextField
              label="Name"
              name="name"
              autoComplete="name"
              autoFocus
              maxLength={100}
              wrong={wrong.name ?? null}
            />
            <TextField
              label="E-mail address"
              name="email"
              type="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
              wrong={wrong.email ?? null}
            />
          </>
        ) : (
          <TextField
            label="E-mail address"
            name="email"
            type="email"
            autoComplete="username"
            readOnly
            value={invitation.email ?? ''}
            hint="You log in with it."
          />
        )}
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          autoFocus={!first}
          maxLength={128}
          onChange={(event) => setLength(event.target.value.length)}
          hint={lengthHint(length)}
          wrong={wrong.password ?? null}
        />
        <Problem error={error} />
        <Button type="submit" kind="strong" disabled={pending} className="w-full">
          {pending ? 'One moment…' : first ? 'Make the account' : 'Set the password'}
        </Button>
      </form>
    </>
  );
}
