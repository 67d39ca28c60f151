import { Dialog } from '@/components/ui/dialog';

const SHORTCUTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['p', 'Space'], 'Hold this moment, or jump back to now'],
  [['1', '5', 'f'], 'Show the last 1, 5 or 15 minutes'],
  [['t'], 'Next theme: system, light, dark'],
  [['←', '→'], 'In a chart: move the crosshair'],
  [['?'], 'This help'],
  [['Esc'], 'Close what is open'],
];

/** What the keyboard can do here. */
export function HelpDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard"
      description="Everything here works without a mouse."
    >
      <dl className="mt-4 divide-y divide-line border-y border-line">
        {SHORTCUTS.map(([keys, does]) => (
          <div key={does} className="flex h-8 items-center justify-between gap-4">
            <dd className="order-2 flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-sm border border-line-strong px-1.5 text-center font-mono text-xs text-text-2"
                >
                  {key}
                </kbd>
              ))}
            </dd>
            <dt className="order-1">{does}</dt>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
