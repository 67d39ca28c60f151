import { acceptInvitationSchema, type AcceptInvitation } from '@/lib/contracts/session';

/** Least characters of a password. */
export const LEAST = 12;

export type Complaints = Partial<Record<'name' | 'email' | 'password', string>>;

const SENTENCE: Readonly<Record<keyof Complaints, string>> = {
  name: 'Say how others shall see you, in 1 to 100 characters.',
  email: 'Give an e-mail address, such as mara@shop.example.',
  password: `Give at least ${LEAST} characters, and at most 128.`,
};

/** What is sent; or what's wrong with it, field by field. */
export function checkedAnswer(
  given: Readonly<Record<string, unknown>>,
): { readonly answer: AcceptInvitation } | { readonly wrong: Complaints } {
  const parsed = acceptInvitationSchema.safeParse(given);
  if (parsed.success) return { answer: parsed.data };
  const wrong: Complaints = {};
  for (const { path } of parsed.error.issues) {
    const field = path[0];
    if (field === 'name' || field === 'email' || field === 'password') wrong[field] = SENTENCE[field];
  }
  return { wrong };
}

/** What is said of a password while it's typed. */
export function lengthHint(length: number): string {
  if (length === 0) return `At least ${LEAST} characters. Four words that don’t belong together are good.`;
  return length < LEAST ? `At least ${LEAST} characters: ${LEAST - length} to go.` : 'Long enough.';
}
