import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type GatewayThread } from '../../lib/gateway/thread.ts';
import { eventually } from '../support/eventually.ts';
import { gatewayConfig } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';

const MIB = 1_048_576;
const TOTAL = 160 * MIB;
/** What is on the way, and the garbage of what was: V8 lets up to 64 MiB of dead buffers pile up. */
const IN_TRANSIT = 80 * MIB;

let origin: ScriptedOrigin;
let gateway: GatewayThread;

beforeEach(async () => {
  origin = await scriptedOrigin();
  gateway = await startGateway({
    config: gatewayConfig(origin.url, { policy: { maxEntry: '1MiB' } }),
    instance: 'test',
    worker: 0,
    host: '127.0.0.1',
    port: 0,
    reusePort: false,
  });
});

afterEach(async () => {
  await gateway.close(0);
  await origin.close();
});

/** `bytes` of a pattern that no two neighbouring chunks share. */
function* chunks(bytes: number): Generator<Buffer> {
  for (let sent = 0, n = 0; sent < bytes; sent += 65_536, n++) yield Buffer.alloc(65_536, n % 251);
}

function digest(): string {
  const hash = createHash('sha256');
  for (const chunk of chunks(TOTAL)) hash.update(chunk);
  return hash.digest('hex');
}

/** The most that the gateway's thread held while `work` ran, over what it held before, bytes. */
async function peak(work: Promise<unknown>): Promise<number> {
  const held = async (): Promise<number> => {
    const { memory } = await gateway.control.snapshot();
    return memory.external + memory.heapUsed;
  };
  const before = await held();
  let most = before;
  let over = false;
  const watching = (async () => {
    while (!over) most = Math.max(most, await held());
  })();
  try {
    await work;
  } finally {
    over = true;
    await watching;
  }
  return most - before;
}

describe('streaming', () => {
  it('uploads 160 MiB, chunked, with bounded memory', async () => {
    const hash = createHash('sha256');
    let bytes = 0;
    origin.script((request, response) => {
      request.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        bytes += chunk.length;
      });
      request.on('end', () => response.end('thanks'));
    });
    const request = httpRequest({ port: gateway.port, host: '127.0.0.1', method: 'POST', agent: false });
    const answered = once(request, 'response');
    const most = await peak(pipeline(Readable.from(chunks(TOTAL)), request));
    const [response] = (await answered) as [NodeJS.ReadableStream & { statusCode: number }];
    response.resume();
    expect([response.statusCode, bytes, hash.digest('hex')]).toEqual([200, TOTAL, digest()]);
    expect(most).toBeLessThan(IN_TRANSIT);
  });

  it('downloads 160 MiB with bounded memory, and stores nothing of it', async () => {
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': String(TOTAL) });
      Readable.from(chunks(TOTAL)).pipe(response);
    });
    const hash = createHash('sha256');
    let bytes = 0;
    const request = httpRequest({ port: gateway.port, host: '127.0.0.1', agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    const most = await peak(
      (async () => {
        for await (const chunk of response as AsyncIterable<Buffer>) {
          hash.update(chunk);
          bytes += chunk.length;
        }
      })(),
    );
    expect([bytes, hash.digest('hex')]).toEqual([TOTAL, digest()]);
    expect(most).toBeLessThan(IN_TRANSIT);
    expect((await gateway.control.snapshot()).levels[1]?.entries).toBe(0);
  });

  it.each(['no-store', 'max-age=60'])('a client that stops reading stops the origin (%s)', async (control) => {
    let sent = 0;
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': control });
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (sent < 200 * MIB) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const client = await rawClient(gateway.port);
    client.send('GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await client.until(/\r\n\r\n/);
    client.socket.pause();
    let last = -1;
    let still = 0;
    await eventually(() => {
      still = sent === last ? still + 1 : 0;
      last = sent;
      if (still < 10) throw new Error('the origin still sends');
    }, 20_000);
    expect(sent).toBeLessThan(IN_TRANSIT);
    const { memory } = await gateway.control.snapshot();
    expect(memory.external).toBeLessThan(IN_TRANSIT);
    client.end();
    await eventually(() => expect(origin.seen[0]?.abandoned).toBe(true));
  });

  it('an origin that stops reading stops the client', async () => {
    origin.script((request) => void request.pause());
    let sent = 0;
    const client = await rawClient(gateway.port);
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 209715200\r\n\r\n');
    const chunk = Buffer.alloc(65_536);
    const more = (): void => {
      while (sent < 200 * MIB) {
        sent += chunk.length;
        if (!client.socket.write(chunk)) {
          client.socket.once('drain', more);
          return;
        }
      }
    };
    more();
    await origin.arrived(1);
    let last = -1;
    let still = 0;
    await eventually(() => {
      still = sent === last ? still + 1 : 0;
      last = sent;
      if (still < 10) throw new Error('the client still sends');
    }, 20_000);
    expect(sent).toBeLessThan(IN_TRANSIT);
    client.end();
  });
});
