import { describe, expect, it } from 'vitest';
import type { Source } from '../../../lib/contracts/running.ts';
import { readyBlock, urlOf } from '../../../lib/http/ready-block.ts';

const facts = {
  version: '1.2.3',
  ms: 412.4,
  url: 'http://127.0.0.1:3000',
  console: true,
  instance: undefined,
};
const gateway = (source: Source, name?: string) => ({ gateway: { url: 'http://127.0.0.1:8080', name, source } });

describe('the ready block', () => {
  it('says SAMPLE, what to try and how to front a service of one’s own', () => {
    expect(readyBlock({ ...facts, ...gateway({ kind: 'sample' }) })).toBe(
      [
        '',
        'Pitwall 1.2.3 is ready in 412 ms',
        'Console  http://127.0.0.1:3000',
        'Gateway  http://127.0.0.1:8080 -> SAMPLE origin',
        'Try it twice:  curl -i http://127.0.0.1:8080/api/chats/42/history',
        'Yours:  PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start',
        '',
        '',
      ].join('\n'),
    );
  });

  it('names a real origin, or the file that names several, and tries the root', () => {
    const upstream = readyBlock({ ...facts, ...gateway({ kind: 'upstream', url: 'http://127.0.0.1:9000' }) });
    expect(upstream).toContain('Gateway  http://127.0.0.1:8080 -> http://127.0.0.1:9000\n');
    expect(upstream).toContain('curl -i http://127.0.0.1:8080/\n');
    expect(upstream).not.toContain('Yours');
    expect(readyBlock({ ...facts, ...gateway({ kind: 'file', file: '/etc/p.yaml' }) })).toContain('-> /etc/p.yaml\n');
    expect(readyBlock({ ...facts, ...gateway({ kind: 'file', file: '/etc/p.yaml' }, 'shop.example') })).toContain(
      "Try it twice:  curl -i -H 'Host: shop.example' http://127.0.0.1:8080/\n",
    );
  });

  it('says what a process with one role is, and its name in a fleet', () => {
    const alone = { ...facts, gateway: undefined, instance: 'eu-1' };
    expect(readyBlock(alone)).toBe(
      '\nPitwall 1.2.3 is ready in 412 ms\nConsole  http://127.0.0.1:3000\nFleet    eu-1, a console alone\n\n',
    );
    const headless = readyBlock({ ...facts, ...gateway({ kind: 'sample' }), console: false, instance: 'eu-2' });
    expect(headless).toContain(
      'Health   http://127.0.0.1:3000 (/healthz, /readyz, /metrics)\nFleet    eu-2, on Redis\n',
    );
    expect(headless).not.toContain('Console');
  });

  it('shows an address that can be opened', () => {
    expect(urlOf('0.0.0.0', 3000)).toBe('http://127.0.0.1:3000');
    expect(urlOf('::', 3000)).toBe('http://127.0.0.1:3000');
    expect(urlOf('::1', 1)).toBe('http://[::1]:1');
    expect(urlOf('localhost', 1)).toBe('http://localhost:1');
  });
});
