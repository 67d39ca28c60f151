import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import type { ExplainAnswer, Explanation } from '../../lib/contracts/explain.ts';

const EXPLAINED: Explanation = {
  instance: 'laptop',
  worker: 0,
  service: 'shop',
  route: '*',
  mode: 'cache',
  key: 'GET http://a.test/',
  decision: { outcome: 'revalidate', reason: 'expired', level: 'l3' },
  variants: [],
  steps: [
    { step: 'request', says: 'GET http://a.test/\u001b[31m' },
    {
      step: 'clear',
      says: 'It was cleared softly: it is stale.',
      because: { text: 'tag home', source: 'clear 42' },
      numbers: { clear: 42 },
    },
    {
      step: 'age',
      says: 'It is 24 h old.',
      because: { text: 'current_age = …', source: 'RFC 9111 §4.2.3' },
      numbers: { receivedAt: 0, responseDelay: 12, currentAge: 86_400_300 },
    },
  ],
};

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
});

/** Stands where the console does. @returns its address, and the URLs that were asked for */
async function answering(answer: (response: ServerResponse) => void): Promise<{ console: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(String(request.url));
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { console: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
const json =
  (body: object, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(['explain', ...args], {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

describe('pitwall explain', () => {
  it('prints each step with what decided, where that is laid down, and the numbers', async () => {
    const { console: address, asked } = await answering(json({ agree: true, workers: [EXPLAINED] }));
    const { code, out, err } = await run(
      'http://a.test/x?y=1&z',
      '--console',
      address,
      '-H',
      'Accept: a',
      '-X',
      'head',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'laptop, worker 0: the origin confirms what is stored first, L3 (expired)',
        '',
        'request    GET http://a.test/?[31m',
        'clear      It was cleared softly: it is stale.',
        '           clear 42: tag home',
        'age        It is 24 h old.',
        '           RFC 9111 §4.2.3: current_age = …',
        '           receivedAt 1970-01-01T00:00:00.000Z, responseDelay 12 ms, currentAge 24 h',
        '',
      ].join('\n'),
    );
    const { pathname, searchParams } = new URL(String(asked[0]), address);
    expect([pathname, ...searchParams]).toEqual([
      '/api/cache/explain',
      ['url', 'http://a.test/x?y=1&z'],
      ['method', 'HEAD'],
      ['header', 'Accept: a'],
    ]);
  });

  it('prints one for workers that agree, and each where they do not', async () => {
    const workers = [EXPLAINED, { ...EXPLAINED, worker: 1 }];
    const same = await answering(json({ agree: true, workers }));
    const agreed = (await run('http://a.test/', '--console', same.console)).out;
    expect(agreed).toContain('All 2 workers decide the same');
    expect(agreed.match(/^laptop, worker/gm)).toHaveLength(1);
    server?.close();
    const other = await answering(json({ agree: false, workers }));
    const differing = (await run('http://a.test/', '--console', other.console)).out;
    expect(differing).toContain('The 2 workers decide differently.');
    expect(differing.match(/^laptop, worker [01]/gm)).toEqual(['laptop, worker 0', 'laptop, worker 1']);
  });

  it('prints the answer as JSON', async () => {
    const answer: ExplainAnswer = { agree: true, workers: [EXPLAINED] };
    const { console: address } = await answering(json(answer));
    expect(JSON.parse((await run('http://a.test/', '--console', address, '--json')).out)).toEqual(answer);
  });

  it('says so where nothing runs, where something else does, and what the console says', async () => {
    const { console: gone } = await answering(json({}));
    await new Promise((resolve) => server?.close(resolve));
    expect(await run('http://a.test/', '--console', gone)).toEqual({
      code: 1,
      out: '',
      err: `Nothing answers at ${gone}. Is Pitwall running? Its console may be elsewhere: --console URL.\n`,
    });
    for (const other of [json({ hello: 1 }), (response: ServerResponse) => void response.writeHead(404).end('<p>')]) {
      const { console: address } = await answering(other);
      const { code, err } = await run('http://a.test/', '--console', address);
      expect([code, err]).toEqual([1, expect.stringContaining("isn't a Pitwall console of this version")]);
      server?.close();
    }
    const problem = { type: 'x', title: 'x', status: 404, detail: 'No service answers to a.test.', code: 'no_service' };
    const { console: address } = await answering(json(problem, 404));
    expect(await run('http://a.test/', '--console', address)).toEqual({
      code: 1,
      out: '',
      err: 'No service answers to a.test.\n',
    });
  });

  it.each([
    [[], 'expects one URL'],
    [['http://a', 'http://b'], 'expects one URL'],
    [['/a'], 'It takes a whole URL'],
    [['http://a', '--console', 'ftp://b'], '--console expects a URL'],
    [['http://a', '--nope'], '--nope'],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it('tells its options', async () => {
    expect((await run('--help')).out).toContain('--console URL');
  });
});
