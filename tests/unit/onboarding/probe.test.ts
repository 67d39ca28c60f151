import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { after } from '../../../lib/kernel/timer.ts';
import { PROBE_STEPS } from '../../../lib/contracts/onboarding.ts';
import { probe } from '../../../lib/onboarding/probe.ts';
import { notesOn, whyNot } from '../../../lib/onboarding/probe-words.ts';
import { rawOrigin, scriptedOrigin } from '../../support/scripted-origin.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});
const own = <T extends { close(): unknown }>(each: T): T => {
  closing.push(each);
  return each;
};
const ask = (url: string, deadlineMs?: number) =>
  probe(new URL(url), { clock: systemClock, after, ...(deadlineMs !== undefined && { deadlineMs }) });

describe('a service that answers', () => {
  it('is described: where, how fast, what it says of caching', async () => {
    const origin = own(await scriptedOrigin());
    origin.reply({ 'Cache-Control': 'max-age=60', ETag: '"a"', 'Set-Cookie': 'a=b' }, 'the body', 200);
    const found = await ask(`${origin.url}/base?q`);
    expect(found).toMatchObject({
      reached: true,
      address: '127.0.0.1',
      dnsMs: null,
      tlsMs: null,
      tls: null,
      httpVersion: '1.1',
      status: 200,
      cacheControl: 'max-age=60',
      validator: 'etag',
      notes: ['It sets a cookie here: such answers aren’t stored.'],
    });
    if (!found.reached) throw new Error('unreachable');
    expect(found.tcpMs).toBeGreaterThanOrEqual(0);
    expect(found.firstByteMs).toBeGreaterThan(0);
    expect(origin.seen).toHaveLength(1);
    expect(origin.seen[0]).toMatchObject({ method: 'GET', url: '/base?q' });
    expect(Object.keys(origin.seen[0]!.headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  it('by name: the name is resolved first', async () => {
    const origin = own(await scriptedOrigin());
    origin.reply({ 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' });
    const found = await ask(`http://localhost:${origin.port}/`);
    expect(found).toMatchObject({ reached: true, dnsMs: expect.any(Number) as number, validator: 'last-modified' });
  });

  it('with a redirect: it is told, not followed', async () => {
    const origin = own(await scriptedOrigin());
    origin.reply({ Location: '/elsewhere', 'Cache-Control': 'no-store' }, '', 302);
    expect(await ask(origin.url)).toMatchObject({
      reached: true,
      status: 302,
      notes: ['It redirects to /elsewhere: redirects are passed on to clients, not followed.'],
    });
    expect(origin.seen).toHaveLength(1);
  });

  it('with a body without end: it is left unread', async () => {
    const origin = own(
      await scriptedOrigin((_, response) => {
        response.writeHead(200);
        const pour = (): void => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', pour);
        pour();
      }),
    );
    expect(await ask(origin.url)).toMatchObject({ reached: true, status: 200 });
    await origin.arrived(1);
  });
});

describe('a service that can’t be reached', () => {
  const unused = async (): Promise<number> => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  };

  it('says that nothing listens', async () => {
    const port = await unused();
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      reached: false,
      step: 'tcp',
      why: `Nothing listens on port ${port} of 127.0.0.1.`,
    });
    expect(await ask(`http://localhost:${port}`)).toMatchObject({ reached: false, step: 'tcp' });
  });

  it('says that there is no such name', async () => {
    // RFC 6761 section 6.4: never resolves. Without a network even that may take its time.
    const found = await ask('http://nobody.invalid/');
    expect(found).toMatchObject({ reached: false, step: 'dns' });
  });

  it('says that it is silent, at the deadline', async () => {
    const silent = own(await rawOrigin(() => undefined));
    expect(await ask(silent.url, 50)).toMatchObject({
      reached: false,
      step: 'http',
      why: 'The connection is there, but no answer came in time.',
    });
  });

  it('says that it speaks no HTTP, or hangs up, or talks too much', async () => {
    const talk = own(await rawOrigin((socket) => socket.end('220 smtp.example ESMTP\r\n')));
    expect(await ask(talk.url)).toMatchObject({ reached: false, why: 'What it answers isn’t HTTP/1.1.' });
    const hang = own(await rawOrigin((socket) => socket.destroy()));
    expect(await ask(hang.url)).toMatchObject({
      reached: false,
      step: 'http',
      next: 'If it speaks TLS on this port, try https://.',
    });
    const long = own(
      await rawOrigin((socket) => socket.end(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)),
    );
    expect(await ask(long.url)).toMatchObject({
      reached: false,
      why: 'The head of its answer is larger than 16 KiB.',
    });
  });

  it('says that it speaks no TLS, or that its certificate isn’t trusted', async () => {
    const plain = own(await scriptedOrigin());
    expect(await ask(`https://127.0.0.1:${plain.port}`)).toMatchObject({
      reached: false,
      step: 'tls',
      next: 'Try http:// instead of https://.',
    });
  });
});

describe('the words', () => {
  it('are there for every step and code, and say what to do', () => {
    const url = new URL('https://shop.example/');
    const codes = ['PROBE_DEADLINE', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'];
    const more = ['ETIMEDOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'];
    for (const step of PROBE_STEPS) {
      for (const code of [...codes, ...more, 'HPE_INVALID_CONSTANT', 'E_UNHEARD_OF', '']) {
        const { why, next } = whyNot(step, code, url);
        expect(why).toMatch(/\.$/);
        expect(next).toMatch(/\.$/);
        expect(why + next).not.toMatch(/undefined/);
      }
    }
    expect(whyNot('tcp', 'ECONNREFUSED', url).why).toContain('port 443');
    expect(whyNot('http', 'ECONNRESET', url).next).toBe('Look into its log.');
  });

  it('note what is worth knowing of an answer', () => {
    const calm = { 'cache-control': 'max-age=1' };
    expect(notesOn(200, calm)).toEqual([]);
    expect(notesOn(204, {})).toEqual([expect.stringContaining('No Cache-Control here')]);
    expect(notesOn(503, calm)).toEqual([expect.stringContaining('It answers 503')]);
    expect(notesOn(401, calm)).toEqual([expect.stringContaining('log-in')]);
    expect(notesOn(404, calm)).toEqual([expect.stringContaining('nothing at this path')]);
    expect(notesOn(200, { ...calm, vary: '*' })).toEqual([expect.stringContaining('Vary: *')]);
    expect(notesOn(304, calm)).toEqual([]);
  });
});
