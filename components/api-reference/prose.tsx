/** A text with `code` in it. */
export function Inline({ text }: { text: string }) {
  return text.split('`').map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <code key={i} className="font-mono">
        {part}
      </code>
    ),
  );
}

/** Paragraphs with **strong** words and `code`: as much of CommonMark as the API's description uses. */
export function Prose({ text }: { text: string }) {
  return text.split('\n\n').map((paragraph) => (
    <p key={paragraph} className="mt-2 max-w-[80ch] text-text-2">
      {paragraph.split('**').map((part, i) =>
        i % 2 === 0 ? (
          <Inline key={i} text={part} />
        ) : (
          <strong key={i} className="font-medium text-text">
            {part}
          </strong>
        ),
      )}
    </p>
  ));
}
