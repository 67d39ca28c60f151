import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openGateway } from '../../support/gateway.ts';
import { ask, rawClient } from '../../support/raw-client.ts';
import { rawOrigin, scriptedOrigin } from '../../support/scripted-origin.ts';

const REQUEST =
  'POST /path/a?b=c HTTP/1.1\r\nHost: a.test\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n';
const RESPONSE =
  'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\nVary: A\r\n\r\n4\r\nbody\r\n0\r\nX-T: 1\r\n\r\n';

/** A message with some of its bytes replaced, cut out or put in. */
function mutations(message: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      ' ',
      '\t',
      ':',
      '\0',
      '%',
      '..',
      '0',
      '-1',
      'ffffffffff',
      'Content-Length: 5\r\n',
    ),
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  );
  const edit = fc.tuple(fc.nat(message.length), fc.nat(6), piece);
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), message));
}

it('whatever a client sends, it gets whole HTTP answers or none, and the next client is served', async () => {
  const origin = await scriptedOrigin((request, response) => {
    request.resume();
    request.on('end', () => response.end('fine'));
  });
  const gateway = await openGateway(origin.url, { service: { breaker: { failures: 1_000, minimumCalls: 1_000 } } });
  await fc.assert(
    fc.asyncProperty(mutations(REQUEST), async (bytes) => {
      const client = await rawClient(gateway.port);
      client.send(bytes);
      client.socket.end();
      const text = await client.closed();
      if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 (100|200|4\d\d|501) /);
      expect(text).not.toMatch(/ 500 |"code":"internal"/);
    }),
    { numRuns: 200 },
  );
  expect((await ask(gateway.port, '/')).text).toBe('fine');
  expect((await gateway.snapshot()).services[0]?.targets[0]).toMatchObject({
    breaker: 'closed',
    lastFailure: undefined,
  });
  await gateway.close();
  await origin.close();
}, 60_000);

it('whatever an origin answers, the client gets an answer or a reset, and nothing cut is stored', async () => {
  let bytes = '';
  const origin = await rawOrigin((socket) => socket.end(Buffer.from(bytes, 'latin1')));
  const gateway = await openGateway(origin.url, {
    service: { breaker: { failures: 1_000_000, minimumCalls: 1_000_000 } },
    policy: { timeouts: { headers: '2s', idle: '2s' } },
  });
  let n = 0;
  await fc.assert(
    fc.asyncProperty(mutations(RESPONSE), async (mutated) => {
      bytes = mutated;
      const path = `/${n++}`;
      const first = await ask(gateway.port, path).catch(() => undefined);
      bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: no-store\r\n\r\nnext';
      const second = await ask(gateway.port, path);
      if (first === undefined || first.status === 502) expect(second.text).toBe('next');
      else if (second.headers['cache-status']?.includes('; hit') === true) expect(second.text).toBe(first.text);
      expect(second.text).not.toContain('"code":"internal"');
    }),
    { numRuns: 200 },
  );
  expect((await gateway.snapshot()).inFlight).toBe(0);
  await gateway.close();
  await origin.close();
}, 60_000);
