import type { TypePart } from './type-parts';

/** A type in words; components are links to where they are described. */
export function TypeText({ parts }: { parts: readonly TypePart[] }) {
  return (
    <span className="font-mono text-xs">
      {parts.map((part, i) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a key={i} href={`#schema-${part.component}`} className="text-accent underline underline-offset-2">
            {part.component}
          </a>
        ),
      )}
    </span>
  );
}
