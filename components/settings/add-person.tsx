'use client';

import { useRef, useState, type FormEvent } from 'react';
import type { Role } from '@/lib/contracts/access';
import { newPersonSchema, type Invited } from '@/lib/contracts/people';
import { Button } from '@/components/ui/button';
import { Choices } from '@/components/ui/choices';
import { Dialog } from '@/components/ui/dialog';
import { Problem } from '@/components/ui/problem';
import { TextField } from '@/components/ui/text-field';
import { useAddPerson } from '@/hooks/use-people';
import { ROLE_CHOICES } from './role-words';

interface AddPersonProps {
  readonly onInvited: (invited: Invited) => void;
  readonly onClose: () => void;
}

/** Who, and what they may; what comes of it is a link for them. */
export function AddPerson({ onInvited, onClose }: AddPersonProps) {
  const { send, pending, error } = useAddPerson(onInvited);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [wrong, setWrong] = useState<readonly PropertyKey[]>([]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = newPersonSchema.safeParse({ name, email: email.trim(), role });
    const fields = parsed.success ? [] : parsed.error.issues.map(({ path }) => path[0] ?? '');
    setWrong(fields);
    if (parsed.success) return void (await send(parsed.data));
    const field = form.current?.elements.namedItem(String(fields[0]));
    if (field instanceof HTMLInputElement) field.focus();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add somebody"
      description="You get a link to give to them: it lets them choose a password, once."
    >
      <form ref={form} onSubmit={submit} noValidate className="mt-4 space-y-4">
        <TextField
          label="Name"
          name="name"
          data-first
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          wrong={wrong.includes('name') ? 'Say how others shall see them.' : null}
        />
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          maxLength={254}
          hint="They log in with it. Nothing is sent there."
          wrong={wrong.includes('email') ? 'Give an e-mail address, such as mara@shop.example.' : null}
        />
        <Choices label="Role" value={role} onChange={setRole} choices={ROLE_CHOICES} />
        <Problem error={error} />
        <Button type="submit" kind="strong" disabled={pending} className="w-full">
          {pending ? 'Adding…' : 'Add, and make a link'}
        </Button>
      </form>
    </Dialog>
  );
}
