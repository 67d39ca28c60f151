import { PitwallError, type ErrorCode } from '../kernel/errors.ts';

/** What undici, the sockets and TLS call a failure, as our codes. Sentences name no address: clients see them. */
const BY_CODE: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  UND_ERR_CONNECT_TIMEOUT: ['origin_unreachable', 'The origin did not accept the connection in time.'],
  ECONNREFUSED: ['origin_unreachable', 'The origin refused the connection.'],
  ENOTFOUND: ['origin_unreachable', "The origin's name could not be resolved."],
  EAI_AGAIN: ['origin_unreachable', "The origin's name could not be resolved."],
  EHOSTUNREACH: ['origin_unreachable', 'There is no route to the origin.'],
  ENETUNREACH: ['origin_unreachable', 'There is no route to the origin.'],
  UND_ERR_HEADERS_TIMEOUT: ['origin_timeout', 'The origin did not answer in time.'],
  UND_ERR_BODY_TIMEOUT: ['origin_timeout', 'The origin stopped sending.'],
  UND_ERR_HEADERS_OVERFLOW: ['origin_invalid', "The origin's header section is too large."],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['origin_truncated', 'The origin sent another length than it announced.'],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['malformed_request', 'The body has another length than announced.'],
};
/** undici's words for an upgrade or an answer that nobody asked for; they have no code of their own. */
const BAD_ANSWER = /^bad (upgrade|response)$/;
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/;

/**
 * @param error what the origin call failed with
 * @param headReceived whether the response head had arrived
 */
export function originError(error: unknown, headReceived: boolean): PitwallError {
  const code = rootCode(error);
  // A length that is at odds with the head it came in: nothing of an answer has arrived.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && !headReceived)
    return new PitwallError('origin_invalid', "The origin's answer contradicts itself.", { cause: error });
  const known = BY_CODE[code];
  if (known) return new PitwallError(known[0], known[1], { cause: error });
  if (code.startsWith('HPE_') || BAD_ANSWER.test(messageOf(error))) {
    return headReceived
      ? new PitwallError('origin_truncated', "The origin's body is garbled.", { cause: error })
      : new PitwallError('origin_invalid', "The origin's answer isn't HTTP.", { cause: error });
  }
  if (TLS.test(code))
    return new PitwallError('origin_unreachable', 'No trusted TLS connection to the origin.', { cause: error });
  return headReceived
    ? new PitwallError('origin_truncated', 'The origin closed the connection before the answer was complete.', {
        cause: error,
      })
    : new PitwallError('origin_reset', 'The origin closed the connection before it answered.', { cause: error });
}

/** The first code along the chain of causes and of the errors of an AggregateError. */
function rootCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // undici 8 loses the parser's own code.
  if (error.name === 'HTTPParserError') return 'HPE_ANY';
  if ('code' in error && typeof error.code === 'string') {
    if (error.code !== 'UND_ERR_SOCKET' || !(error.cause instanceof Error)) return error.code;
  }
  if (error instanceof AggregateError && error.errors.length > 0) return rootCode(error.errors[0]);
  return rootCode(error.cause);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
