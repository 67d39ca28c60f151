import type { ReactNode } from 'react';
import { CHARTS } from './charts';
import { CONTROLS } from './controls';
import { LAYOUT } from './layout-parts';
import { OVERLAYS } from './overlays';
import type { Specimen } from './specimen';
import { TEXTS } from './texts';
import { TOKENS } from './tokens';

const SECTIONS: readonly (readonly [title: string, specimens: readonly Specimen[]])[] = [
  ['Tokens', TOKENS],
  ['Words and numbers', TEXTS],
  ['Controls', CONTROLS],
  ['Above the page', OVERLAYS],
  ['Charts', CHARTS],
  ['Layout', LAYOUT],
];

function Row({ name, note, children }: { name: string; note?: string | undefined; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-1 border-t border-line py-3 md:grid-cols-[144px_minmax(0,1fr)]">
      <div>
        <h3 className="font-mono text-xs">{name}</h3>
        {note !== undefined && <p className="text-xs text-text-3">{note}</p>}
      </div>
      <div className="flex min-w-0 flex-wrap items-start gap-3">{children}</div>
    </div>
  );
}

/** All sections, in one theme. `side` makes labels unique where both themes are shown. */
export function Specimens({ side }: { side: string }) {
  return SECTIONS.map(([title, specimens]) => (
    <section key={title} aria-label={`${title}, ${side}`} className="pb-6">
      <h2 className="py-2 text-base font-semibold">{title}</h2>
      {specimens.map(({ name, note, Show }) => (
        <Row key={`${name} ${note ?? ''}`} name={name} note={note}>
          <Show />
        </Row>
      ))}
    </section>
  ));
}
