import type { Duplex } from 'node:stream';
import { parserRefusal } from '../kernel/parser-refusal.ts';
import { PROBLEM_TYPE } from '../kernel/problem.ts';
import { problem } from './problem.ts';

/** Answers what Node's parser refuses (server event 'clientError') with problem details, then closes. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, id: string): void {
  const refusal = parserRefusal(error, socket);
  if (refusal === undefined) {
    socket.destroy();
    return;
  }
  const document = problem(refusal, id);
  const text = JSON.stringify(document);
  socket.end(
    `HTTP/1.1 ${document.status} ${document.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\nx-content-type-options: nosniff\r\n\r\n${text}`,
  );
}
