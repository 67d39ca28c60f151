import type { Duplex } from 'node:stream';
import { PitwallError } from '../kernel/errors.ts';
import { PROBLEM_TYPE } from '../kernel/problem.ts';
import { problem } from './problem.ts';

/**
 * Answers what Node's parser refuses (server event 'clientError') with problem details, then closes:
 * 431 for too many headers, 408 for a head that never came whole, else 400.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, id: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const document = problem(refusalOf(error), id);
  const text = JSON.stringify(document);
  socket.end(
    `HTTP/1.1 ${document.status} ${document.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\nx-content-type-options: nosniff\r\n\r\n${text}`,
  );
}

function refusalOf(error: NodeJS.ErrnoException): PitwallError {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return new PitwallError('headers_too_large', 'The header section is larger than the console reads.');
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new PitwallError('request_timeout', 'The request took too long to arrive.');
  }
  return new PitwallError('malformed_request', 'This is not an HTTP/1.1 request.');
}
