import { Kbd } from '@/components/ui/kbd';
import type { Command } from '@/hooks/commands';

interface GoHintProps {
  /** The first key of a pair, which waits for its second. */
  readonly pending: string;
  readonly commands: readonly Command[];
}

/** What the second key may be. */
export function GoHint({ pending, commands }: GoHintProps) {
  const start = `${pending} `;
  return (
    <div
      role="status"
      className="appear fixed bottom-4 left-1/2 z-40 flex max-w-[calc(100vw-32px)] -translate-x-1/2 flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-line-strong bg-raised px-4 py-2 shadow-2xl"
    >
      <span className="flex items-center gap-2 text-text-2">
        <Kbd keys={pending} /> then
      </span>
      {commands.flatMap(({ id, title, keys }) =>
        (keys ?? [])
          .filter((pair) => pair.startsWith(start))
          .map((pair) => (
            <span key={`${id} ${pair}`} className="flex items-center gap-2">
              <Kbd keys={pair.slice(start.length)} /> {title}
            </span>
          )),
      )}
    </div>
  );
}
