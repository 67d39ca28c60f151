/** Paragraphs with **strong** words: as much of CommonMark as the API's description uses. */
export function Prose({ text }: { text: string }) {
  return text.split('\n\n').map((paragraph) => (
    <p key={paragraph} className="mt-2 max-w-[80ch] text-text-2">
      {paragraph.split('**').map((part, i) =>
        i % 2 === 0 ? (
          part
        ) : (
          <strong key={part} className="font-medium text-text">
            {part}
          </strong>
        ),
      )}
    </p>
  ));
}
