import type { ComponentProps, MouseEvent } from 'react';
import { changeView, formatView, type View } from '@/hooks/view';

export interface ViewLinkProps extends Omit<ComponentProps<'a'>, 'href' | 'onClick' | 'onChange' | 'part'> {
  readonly view: View;
  /** What the page shows once it's followed. */
  readonly part: Partial<View>;
  readonly onChange: (part: Partial<View>) => void;
}

/** A link within the page: it has an address to copy or to open elsewhere, and is followed without loading anew. */
export function ViewLink({ view, part, onChange, ...rest }: ViewLinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onChange(part);
  };
  return <a href={formatView(changeView(view, part)) || '/'} onClick={follow} {...rest} />;
}
