import type { Specimen } from './specimen';

const GROUNDS = ['bg', 'raised', 'hover', 'good-wash', 'watch-wash', 'bad-wash'];
const LETTERS = ['text', 'text-2', 'text-3', 'accent', 'good', 'watch', 'bad', 'unknown'];
const LINES = ['line', 'line-strong', 'line-field'];
const STACK = ['l1', 'l2', 'l3', 'stale', 'coalesced', 'origin', 'error'];

const colour = (token: string) => `var(--${token})`;

function Swatch({ token }: { token: string }) {
  return (
    <span className="inline-flex items-center gap-2 text-xs">
      <span aria-hidden className="size-8 rounded-md border" style={{ background: colour(token) }} />
      {token}
    </span>
  );
}

export const TOKENS: readonly Specimen[] = [
  { name: 'grounds', Show: () => GROUNDS.map((token) => <Swatch key={token} token={token} />) },
  {
    name: 'letters',
    Show: () =>
      LETTERS.map((token) => (
        <span key={token} style={{ color: colour(token) }}>
          {token} 1,240 ms
        </span>
      )),
  },
  {
    name: 'lines',
    Show: () =>
      LINES.map((token) => (
        <span
          key={token}
          className="h-8 w-32 rounded-md border px-2 text-xs leading-8"
          style={{ borderColor: colour(token) }}
        >
          {token}
        </span>
      )),
  },
  {
    name: 'stack',
    note: 'From the bottom up',
    Show: () => STACK.map((name) => <Swatch key={name} token={`series-${name}`} />),
  },
  {
    name: 'lines of charts',
    Show: () => ['strong', 'soft'].map((name) => <Swatch key={name} token={`series-${name}`} />),
  },
  {
    name: 'sizes',
    Show: () => (
      <>
        <span className="text-2xs">2xs 11 px</span>
        <span className="text-xs">xs 12 px</span>
        <span className="text-sm">sm 13 px</span>
        <span className="text-base">base 16 px</span>
        <span className="text-xl">xl 20 px</span>
        <span className="text-hero">48</span>
      </>
    ),
  },
];
