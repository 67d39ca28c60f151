import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { COMMAND_GROUPS, type Command } from '@/hooks/commands';

interface HelpDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly commands: readonly Command[];
  /** Whether plain keys are on. */
  readonly plain: boolean;
  readonly onPlain: (plain: boolean) => void;
}

/** Every key that does something here, out of the table of commands. */
export function HelpDialog({ open, onOpenChange, commands, plain, onPlain }: HelpDialogProps) {
  const keyed = commands.filter(({ keys }) => keys !== undefined);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard"
      description="Everything here works without a mouse."
    >
      {COMMAND_GROUPS.map((group) => {
        const listed = keyed.filter((command) => command.group === group);
        return (
          listed.length > 0 && (
            <section key={group} aria-label={group} className="mt-4">
              <h3 className="text-xs font-medium text-text-3">{group}</h3>
              <dl className="mt-1 divide-y divide-line border-y border-line">
                {listed.map(({ id, title, keys }) => (
                  <div key={id} className="flex min-h-8 items-center justify-between gap-4">
                    <dt>{title}</dt>
                    <dd className="flex shrink-0 gap-2">
                      {keys?.map((each) => (
                        <Kbd key={each} keys={each} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        );
      })}
      <label className="mt-4 flex cursor-pointer items-center gap-2 text-text-2">
        <input
          type="checkbox"
          checked={plain}
          onChange={(event) => onPlain(event.target.checked)}
          className="accent-accent"
        />
        Plain keys act (off: only those with Ctrl or ⌘)
      </label>
    </Dialog>
  );
}
