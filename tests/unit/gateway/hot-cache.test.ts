import { expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { ask, rawClient } from '../../support/raw-client.ts';

const { origin, gateway, open } = gatewayScene({ target: { host: 'preserve' } }, (request, response) => {
  response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' });
  const { 'x-forwarded-host': host, 'x-forwarded-proto': proto, 'accept-language': language } = request.headers;
  response.end(`${String(proto)}://${String(host)} ${language ?? '-'} ${request.url}`);
});

async function text(headers: Record<string, string>, path = '/'): Promise<string> {
  return (await ask(gateway.port, path, { headers })).text;
}

it('keeps any number of hosts and variants under one URL apart, round after round', async () => {
  await open();
  for (let round = 0; round < 4; round++) {
    for (let host = 0; host < 12; host++)
      expect(await text({ Host: `h${host}.test` })).toBe(`http://h${host}.test - /`);
    for (let n = 0; n < 12; n++)
      expect(await text({ Host: 'h0.test', 'Accept-Language': `l${n}` })).toBe(`http://h0.test l${n} /`);
  }
  expect(origin.seen).toHaveLength(24);
  const { results } = await gateway.route();
  expect(results.l1 + results.l2).toBe(3 * 24);
});

it('never mixes up what a trusted proxy says about host and scheme', async () => {
  await open({ gateway: { trustedProxies: ['127.0.0.1'] } });
  for (let round = 0; round < 4; round++) {
    expect(await text({ Host: 'in.test' })).toBe('http://in.test - /');
    expect(await text({ Host: 'in.test', 'X-Forwarded-Host': 'out.test' })).toBe('http://out.test - /');
    expect(await text({ Host: 'in.test', 'X-Forwarded-Proto': 'https' })).toBe('https://in.test - /');
    expect(await text({ Host: 'in.test', Forwarded: 'host=std.test;proto=https' })).toBe('https://std.test - /');
  }
  expect(origin.seen).toHaveLength(4);
});

it('answers pipelined hits in order, each with its own id', async () => {
  await open();
  for (let i = 0; i < 3; i++) for (const path of ['/a', '/b']) await text({ Host: 'x' }, path);
  const client = await rawClient(gateway.port);
  const one = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  client.send(one('/a') + one('/b') + one('/a') + one('/b'));
  const answer = await client.until(/(?:http:\/\/x - \/[ab][^]*){4}/);
  expect(answer.match(/- \/[ab]/g)).toEqual(['- /a', '- /b', '- /a', '- /b']);
  expect(new Set(answer.match(/X-Request-Id: \S+/g)).size).toBe(4);
  expect(answer.match(/detail=l1/g)).toHaveLength(4);
  client.end();
});

it('lets go of what L2 evicts, replaces or clears', async () => {
  await open();
  for (let i = 0; i < 3; i++) await text({ Host: 'x' });
  await ask(gateway.port, '/', { method: 'DELETE', headers: { Host: 'x' } });
  const before = origin.seen.length;
  await text({ Host: 'x' });
  expect(origin.seen).toHaveLength(before + 1);
  await text({ Host: 'x' });
  expect((await gateway.snapshot()).levels).toMatchObject([{ entries: 1 }, { entries: 1 }]);
});

it('evicts within its own share, and goes on serving from L2', async () => {
  await open({ gateway: { memory: '256KiB' } });
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 120; i++) expect(await text({ Host: 'x' }, `/${i}`)).toBe(`http://x - /${i}`);
  const [l1] = (await gateway.snapshot()).levels;
  expect(l1?.bytes).toBeLessThanOrEqual(l1?.budgetBytes ?? 0);
});

it('says the same on a connection that stays, on one that closes and from L2, but for level, age and id', async () => {
  await open();
  await text({ Host: 'x' });
  const head = async (connection: string, version = '1.1'): Promise<string[]> => {
    const client = await rawClient(gateway.port);
    client.send(`GET / HTTP/${version}\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`);
    const answer = await client.until(/http:\/\/x - \//);
    client.end();
    return answer
      .slice(0, answer.indexOf('\r\n\r\n'))
      .split('\r\n')
      .filter((line) => !/^(Connection|Keep-Alive):/i.test(line))
      .map((line) => line.replace(/detail=l[12]/, 'detail=l').replace(/^(X-Request-Id: ).*/, '$1'))
      .sort();
  };
  const fromL2 = await head('keep-alive');
  const fromL1 = await head('keep-alive');
  expect(fromL1).toEqual(fromL2);
  expect(await head('close')).toEqual(fromL2);
  expect(await head('close', '1.0')).toEqual(fromL2);
  expect(fromL2.filter((line) => line.startsWith('Date: '))).toHaveLength(1);
  const { results } = await gateway.route();
  expect([results.l2, results.l1]).toEqual([1, 3]);
});
