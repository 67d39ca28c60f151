/**
 * Splits a comma-separated field value (RFC 9110 section 5.6.1) into trimmed members, without the empty ones.
 * A comma within a quoted string doesn't separate; a quote that never closes is an ordinary character, so that
 * it can't hide the members behind it. Linear in the length, never throws.
 */
export function listMembers(value: string): string[] {
  if (!value.includes('"'))
    return value
      .split(',')
      .map((member) => member.trim())
      .filter(Boolean);
  const members: string[] = [];
  let start = 0;
  let mayClose = true;
  for (let i = 0; i < value.length; i++) {
    const char = value[i];
    if (char === '"' && mayClose) {
      const end = closingQuote(value, i);
      if (end === -1) mayClose = false;
      else i = end;
    } else if (char === ',') {
      members.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  members.push(value.slice(start).trim());
  return members.filter(Boolean);
}

/** Without spaces and tabs at its ends; what else may look like space is content, as for an origin (RFC 9110 section 5.6.3). */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The index of the quote that closes the one at `open`; -1 if none does. */
function closingQuote(value: string, open: number): number {
  for (let i = open + 1; i < value.length; i++) {
    if (value[i] === '\\') i++;
    else if (value[i] === '"') return i;
  }
  return -1;
}
