import type { Role } from '@/lib/contracts/access';
import type { Person } from '@/lib/contracts/people';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Problem } from '@/components/ui/problem';
import { roleChange, ROLE_DOES } from './role-words';

interface RoleDialogProps {
  readonly person: Person;
  readonly self: boolean;
  readonly wanted: Role;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function Words({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section aria-label={title} className="mt-4">
      <h3 className="text-xs font-medium text-text-2">{title}</h3>
      <ul className="mt-1 list-disc pl-5">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

/** What another role means, before it's given. */
export function RoleDialog({ person, self, wanted, pending, error, onConfirm, onClose }: RoleDialogProps) {
  const { gains, loses } = roleChange(person.role, wanted);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${person.name}: from ${person.role} to ${wanted}`}
      description={ROLE_DOES[wanted]}
    >
      {self && <p className="mt-4 rounded-md bg-watch-wash px-3 py-2 text-watch">This is you: it counts at once.</p>}
      <Words title="May then also" items={gains} />
      <Words title="May no longer" items={loses} />
      <div className="mt-4 empty:hidden">
        <Problem error={error} />
      </div>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="strong" onClick={onConfirm} disabled={pending}>
          {pending ? 'Changing…' : `Make ${wanted}`}
        </Button>
      </div>
    </Dialog>
  );
}
