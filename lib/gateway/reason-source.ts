import { MISS_REASON } from '../contracts/miss-reason.ts';
import type { MissReason } from '../contracts/traffic.ts';
import type { HeaderList } from '../http-cache/header-list.ts';
import { refusalDirective, type Because } from '../http-cache/reasons.ts';

/** Where each reason is laid down. */
const SOURCE: Readonly<Record<MissReason, string>> = {
  cold: 'RFC 9111 §4',
  expired: 'RFC 9111 §4.2',
  vary: 'RFC 9111 §4.1',
  cleared: 'clear log',
  method: 'RFC 9110 §9.2.3',
  range: 'RFC 9110 §14.2',
  'request-no-cache': 'RFC 9111 §5.2.1',
  authorization: 'RFC 9111 §3.5',
  cookie: 'decision 0006',
  'set-cookie': 'decision 0006',
  'no-store': 'RFC 9111 §5.2.2.5',
  private: 'RFC 9111 §5.2.2.7',
  'no-freshness': 'RFC 9111 §4.2',
  status: 'RFC 9110 §15.1',
  'vary-star': 'RFC 9111 §4.1',
  'too-large': 'policy',
  'event-stream': 'RFC 9111 §3.3',
  upgrade: 'RFC 9110 §7.8',
  observe: 'mode',
  bypass: 'mode',
  invalid: 'RFC 9110 §15.5',
};

/** What a reason means. @param headers of the response that was refused: then its directive as it was written */
export function becauseOf(reason: MissReason, headers: HeaderList = []): Because {
  return refusalDirective(headers, reason) ?? { text: MISS_REASON[reason].because, source: SOURCE[reason] };
}
