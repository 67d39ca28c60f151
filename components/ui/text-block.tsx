/** Text of several lines as it stands: a file, an answer's body. Scrolls within itself, by keyboard too. */
export function TextBlock({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-80 overflow-auto rounded-md border border-line bg-bg p-3 font-mono text-xs leading-5"
    >
      {text}
    </pre>
  );
}
