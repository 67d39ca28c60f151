import { describe, expect, it } from 'vitest';
import { readyBlock, urlOf } from '../../../lib/http/ready-block.ts';

const facts = {
  version: '1.2.3',
  ms: 412.4,
  consoleUrl: 'http://127.0.0.1:3000',
  gatewayUrl: 'http://127.0.0.1:8080',
};

describe('the ready block', () => {
  it('says SAMPLE, what to try and how to front a service of one’s own', () => {
    expect(readyBlock({ ...facts, source: { kind: 'sample' } })).toBe(
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
    const upstream = readyBlock({ ...facts, source: { kind: 'upstream', url: 'http://127.0.0.1:9000' } });
    expect(upstream).toContain('Gateway  http://127.0.0.1:8080 -> http://127.0.0.1:9000\n');
    expect(upstream).toContain('curl -i http://127.0.0.1:8080/\n');
    expect(upstream).not.toContain('Yours');
    expect(readyBlock({ ...facts, source: { kind: 'file', file: '/etc/p.yaml' } })).toContain('-> /etc/p.yaml\n');
  });

  it('shows an address that can be opened', () => {
    expect(urlOf('0.0.0.0', 3000)).toBe('http://127.0.0.1:3000');
    expect(urlOf('::', 3000)).toBe('http://127.0.0.1:3000');
    expect(urlOf('::1', 1)).toBe('http://[::1]:1');
    expect(urlOf('localhost', 1)).toBe('http://localhost:1');
  });
});
