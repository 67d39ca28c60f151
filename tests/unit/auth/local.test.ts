import { expect, it } from 'vitest';
import { isLocal } from '../../../lib/auth/local.ts';

it.each([
  ['127.0.0.1', { host: 'localhost:3000' }],
  ['127.8.8.8', { host: '127.0.0.1' }],
  ['::1', { host: '[::1]:3000' }],
  ['::ffff:127.0.0.1', { host: 'LOCALHOST' }],
])('somebody at the machine: %s %j', (peer, headers) => {
  expect(isLocal({ peer, headers })).toBe(true);
});

it.each([
  ['10.0.0.1', { host: 'localhost' }],
  ['::ffff:10.0.0.1', { host: 'localhost' }],
  [undefined, { host: 'localhost' }],
  ['127.0.0.1', { host: 'evil.example' }],
  ['127.0.0.1', { host: 'localhost.evil.example' }],
  ['127.0.0.1', { host: '127.0.0.1.evil.example' }],
  ['127.0.0.1', { host: 'evil@localhost' }],
  ['127.0.0.1', {}],
  ['127.0.0.1', { host: 'localhost', forwarded: 'for=1.2.3.4' }],
  ['127.0.0.1', { host: 'localhost', via: '1.1 proxy' }],
  ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '' }],
  ['127.0.0.1', { host: 'localhost', 'x-forwarded-proto': 'https' }],
  ['127.0.0.1', { host: 'localhost', 'x-real-ip': '1.2.3.4' }],
])('somebody else: %s %j', (peer, headers) => {
  expect(isLocal({ peer, headers })).toBe(false);
});
