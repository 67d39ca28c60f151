'use client';

import { useRef, useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { PasswordField } from '@/components/ui/password-field';
import { Problem } from '@/components/ui/problem';
import { TextField } from '@/components/ui/text-field';
import { codeOf } from '@/hooks/api-error';
import { useSignIn } from '@/hooks/use-sign-in';
import { useSignOn } from '@/hooks/use-sign-on';

interface Wrong {
  readonly email: string | null;
  readonly password: string | null;
}

const NOTHING: Wrong = { email: null, password: null };

/** E-mail address and password, or a provider that vouches for one; and on to where one came from. */
export function Login() {
  const { send, pending, error, waitS } = useSignIn();
  const { name, begin, back } = useSignOn();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState(NOTHING);

  const focus = (name: string) => {
    const field = form.current?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.focus();
  };
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // What a password manager filled in before the page came to life counts too.
    const given = new FormData(event.currentTarget);
    const [email, password] = [String(given.get('email')).trim(), String(given.get('password'))];
    const missing = {
      email: email === '' ? 'Give your e-mail address.' : null,
      password: password === '' ? 'Give your password.' : null,
    };
    setWrong(missing);
    if (missing.email !== null) return focus('email');
    if (missing.password !== null) return focus('password');
    if (!(await send({ email, password }))) focus('password');
  }

  const refused = codeOf(error) === 'login_refused';
  return (
    <>
      <title>Log in · Pitwall</title>
      <h1 className="text-xl font-semibold">Log in</h1>
      {back.pending ? (
        <p role="status" className="mt-4 text-text-2">
          Logging in…
        </p>
      ) : null}
      {back.error !== null && (
        <div className="mt-4">
          <Problem error={back.error} />
        </div>
      )}
      {name === null ? null : (
        <div className="mt-6 space-y-4">
          <Problem error={begin.error} />
          <Button
            kind="strong"
            className="w-full"
            disabled={begin.pending || back.pending}
            onClick={() => void begin.send(undefined)}
          >
            {begin.pending ? 'On the way…' : `Continue with ${name}`}
          </Button>
          <p className="text-center text-text-2">or with a password</p>
        </div>
      )}
      <form ref={form} method="post" onSubmit={submit} noValidate className="mt-6 space-y-4">
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          maxLength={254}
          wrong={wrong.email}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          maxLength={128}
          wrong={wrong.password}
        />
        {refused ? (
          <p role="alert" className="rounded-md bg-bad-wash px-3 py-2 text-bad">
            The e-mail address or the password is wrong.
          </p>
        ) : codeOf(error) === 'too_many_requests' ? (
          <p role="alert" className="rounded-md bg-watch-wash px-3 py-2 text-watch">
            <span className="font-medium">Too many tries.</span>{' '}
            {waitS > 0 ? 'The button says when you may try again.' : 'You may try again now.'}
          </p>
        ) : (
          <Problem error={error} />
        )}
        <Button
          type="submit"
          kind={name === null ? 'strong' : 'plain'}
          disabled={pending || waitS > 0}
          className="w-full"
        >
          {pending ? 'Logging in…' : waitS > 0 ? `Try again in ${waitS} s` : 'Log in'}
        </Button>
      </form>
      <p className="mt-6 border-t border-line pt-4 text-text-2">
        No account, or the password is lost? An admin makes a link that sets one, in Settings, under People.
      </p>
    </>
  );
}
