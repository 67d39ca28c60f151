'use client';

import type { ReactNode } from 'react';
import { Tabs as Primitive } from 'radix-ui';

interface TabsProps<Key extends string> {
  readonly label: string;
  readonly value: Key;
  readonly onChange: (value: Key) => void;
  readonly tabs: readonly { readonly key: Key; readonly name: string; readonly note?: string }[];
  /** What the chosen tab shows. */
  readonly children: ReactNode;
}

/** One of several views of one place; arrows move between their names. */
export function Tabs<Key extends string>({ label, value, onChange, tabs, children }: TabsProps<Key>) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as Key)}>
      <Primitive.List aria-label={label} className="flex gap-5 border-b border-line">
        {tabs.map(({ key, name, note }) => (
          <Primitive.Trigger
            key={key}
            value={key}
            className="-mb-px h-9 border-b-2 border-transparent text-sm font-medium text-text-2 hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {name} {note !== undefined && <span className="font-normal text-text-3">{note}</span>}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      <Primitive.Content value={value} tabIndex={-1} className="outline-none">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
