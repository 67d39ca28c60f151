import { StateWord } from '@/components/ui/state';
import { formatBytes, formatLatency, withUnit } from '@/components/ui/format';
import { TextBlock } from '@/components/ui/text-block';
import type { RawAnswer } from '@/hooks/raw-answer';

/** Most characters that are shown: a page with megabytes in it is slow. */
const SHOWN = 100_000;

/** JSON with indents, anything else as it came. */
export function readable({ type, text }: Pick<RawAnswer, 'type' | 'text'>): string {
  if (!type.includes('json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Status, time, size and body of an answer. */
export function Answer({ answer }: { answer: RawAnswer }) {
  const { status, statusText, ms, text } = answer;
  const body = readable(answer);
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-text-2">
        <StateWord state={status < 400 ? 'good' : 'bad'} word={`${status} ${statusText}`.trim()} size={12} />
        <span>{withUnit(formatLatency(ms))}</span>
        <span>{withUnit(formatBytes(new Blob([text]).size))}</span>
        {body.length > SHOWN && <span>its first {SHOWN.toLocaleString('en-GB')} characters</span>}
      </p>
      <div className="mt-1">
        <TextBlock label="Body of the answer" text={body.slice(0, SHOWN)} />
      </div>
    </div>
  );
}
