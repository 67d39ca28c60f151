import type { Role } from '../contracts/access.ts';
import type { Person } from '../contracts/people.ts';

/** Who has an account. Names and e-mail addresses are kept as given; addresses are unique without regard to case. */
export interface People {
  /** By name. */
  list(): Promise<Person[]>;
  /** Undefined when the address is taken. */
  add(person: { readonly name: string; readonly email: string; readonly role: Role }): Promise<Person | undefined>;
  /** Ends the person's sessions when the role changes or the account is disabled. Undefined for an unknown id. */
  change(
    id: string,
    change: { readonly name?: string; readonly role?: Role; readonly disabled?: boolean },
  ): Promise<Person | undefined>;
  /** With sessions and tokens. @returns whether there was one */
  remove(id: string): Promise<boolean>;
}
