import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import type { Config, ConfigInput } from '../../../lib/contracts/policy.ts';
import { isPitwallError } from '../../../lib/kernel/errors.ts';

const targets = [{ url: 'http://127.0.0.1:9000' }];

function resolve(input: ConfigInput, files: Readonly<Record<string, string>> = {}): Config {
  return resolveConfig(input, {
    cacheTtl: 1_000,
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });
}

function faultsOf(input: unknown, files: Readonly<Record<string, string>> = {}): string[] {
  try {
    resolve(input as ConfigInput, files);
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    const [heading, ...lines] = error.message.split('\n').map((line) => line.trim());
    expect(heading).toBe(`The configuration has ${lines.length === 1 ? '1 fault' : `${lines.length} faults`}:`);
    return lines;
  }
  return [];
}

describe('faults', () => {
  const service = (more: object): object => ({ services: [{ name: 'a', targets, ...more }] });
  const route = (more: object): object => service({ routes: [{ path: '/a/:id', ...more }] });
  const target = (more: object): object => ({ services: [{ name: 'a', targets: [{ url: 'http://a', ...more }] }] });

  it.each<[string, unknown, string[]]>([
    ['nothing', null, ['the whole: expected a mapping, got nothing']],
    ['a list', [], ['the whole: expected a mapping, got a list']],
    ['no services', {}, ['services: is missing']],
    ['an empty list', { services: [] }, ['services: expected at least 1 of them']],
    ['an item of another kind', { services: [3] }, ['services[0]: expected a mapping, got the number 3']],
    ['no name', { services: [{ targets }] }, ['services[0].name: is missing']],
    ['no text', service({ hosts: [7] }), ['services[0].hosts[0]: expected a text, got the number 7']],
    [
      'a number for a secret, which isn’t quoted',
      { gateway: { explainToken: 12_345_678 }, services: [{ name: 'a', targets }] },
      ['gateway.explainToken: expected a text in quotes'],
    ],
    [
      'too short a secret',
      { gateway: { explainToken: 'too short' }, services: [{ name: 'a', targets }] },
      ['gateway.explainToken: expected 16 to 256 visible ASCII characters'],
    ],
    [
      'a word for a number',
      target({ connections: 'many' }),
      ['services[0].targets[0].connections: expected a number, got the string "many"'],
    ],
    [
      'a number with a fraction',
      target({ connections: 1.5 }),
      ['services[0].targets[0].connections: expected a whole number, got the number 1.5'],
    ],
    ['too small a number', target({ connections: 0 }), ['services[0].targets[0].connections: expected at least 1']],
    [
      'too large a number',
      target({ connections: 10_001 }),
      ['services[0].targets[0].connections: expected at most 10000'],
    ],
    ['a share of nothing', service({ breaker: { ratio: 0 } }), ['services[0].breaker.ratio: expected more than 0']],
    ['a negative duration', service({ policy: { ttl: -1 } }), ['services[0].policy.ttl: expected at least 0']],
    [
      'an odd duration',
      service({ policy: { ttl: '5 min' } }),
      ['services[0].policy.ttl: expected a duration such as 250ms, 30s, 5m, 1h or 30d'],
    ],
    [
      'an odd size',
      { gateway: { memory: true }, ...service({}) },
      ['gateway.memory: expected a size such as 64KiB, 16MiB or 1GiB'],
    ],
    [
      'an unknown mode',
      service({ mode: 'cach' }),
      ['services[0].mode: expected one of cache, observe, bypass, got the string "cach"'],
    ],
    [
      'two targets',
      service({ targets: [...targets, ...targets] }),
      ['services[0].targets: exactly one target per service for now'],
    ],
    [
      'too many of them',
      service({ policy: { keyHeaders: 'abcdefghi'.split('') } }),
      ['services[0].policy.keyHeaders: expected at most 8 of them'],
    ],
    [
      'too short a text',
      service({ policy: { tags: [''] } }),
      ['services[0].policy.tags[0]: expected at least 1 characters'],
    ],
    [
      'a path without slash',
      service({ routes: [{ path: 'x' }] }),
      ['services[0].routes[0].path: expected a text that starts with "/"'],
    ],
    [
      'a setting mistyped',
      service({ polcy: {} }),
      ['services[0].polcy: there is no such setting; did you mean "policy"?'],
    ],
    [
      'two letters swapped',
      route({ plicoy: {} }),
      ['services[0].routes[0].plicoy: there is no such setting; did you mean "policy"?'],
    ],
    [
      'a setting of another case',
      service({ policy: { staleiferror: 1 } }),
      ['services[0].policy.staleiferror: there is no such setting; did you mean "staleIfError"?'],
    ],
    [
      'a setting like none',
      { ...service({}), alerts: [] },
      ['alerts: there is no such setting; there are gateway, services'],
    ],
    [
      'a password in a URL',
      target({ url: 'http://me:pw@a' }),
      ['services[0].targets[0].url: expected a URL without user name and password'],
    ],
    [
      'a host with a port',
      service({ hosts: ['a:80'] }),
      ['services[0].hosts[0]: expected a host name without scheme, port or "*", got "a:80"'],
    ],
    [
      'a wildcard host',
      service({ hosts: ['*.a'] }),
      ['services[0].hosts[0]: expected a host name without scheme, port or "*", got "*.a"'],
    ],
    [
      'the same host twice',
      service({ hosts: ['a', 'A'] }),
      ['services[0].hosts[1]: the host "a" is already at services[0].hosts[0]'],
    ],
    [
      'an unknown parameter',
      route({ policy: { tags: ['x', 'a:{di}'] } }),
      ['services[0].routes[0].policy.tags[1]: {di} is no parameter of the path "/a/:id"'],
    ],
    [
      "a parameter in a service's tag",
      service({ policy: { tags: ['{id}'] } }),
      ['services[0].policy.tags[0]: {id} is no parameter of every route; set this tag on the routes that have it'],
    ],
    [
      'a parameter twice',
      service({ routes: [{ path: '/:a/:a' }] }),
      ['services[0].routes[0].path: the parameter ":a" stands there twice'],
    ],
    [
      'crowded parameters',
      service({ routes: [{ path: '/:a-:b' }] }),
      ['services[0].routes[0].path: only one parameter may stand between two slashes, got ":a-:b"'],
    ],
    [
      'two stars',
      service({ routes: [{ path: '/*/x/*' }] }),
      ['services[0].routes[0].path: only one "*" may stand in a path pattern'],
    ],
    [
      'a query in a path',
      service({ routes: [{ path: '/a?b' }] }),
      ['services[0].routes[0].path: a path pattern has no query, fragment or space'],
    ],
    [
      'a timer too long',
      service({ policy: { timeouts: { idle: '30d' } } }),
      ['services[0].policy.timeouts.idle: expected at most 24 days'],
    ],
    [
      'a file that is missing',
      target({ ca: 'no.pem' }),
      ["services[0].targets[0].ca: can't read the file no.pem (ENOENT)"],
    ],
    [
      'a file that is no PEM',
      target({ ca: 'odd.pem' }),
      ['services[0].targets[0].ca: odd.pem holds no PEM certificate'],
    ],
    [
      'an odd proxy',
      { gateway: { trustedProxies: ['10.0.0.0/33', '127.1', '::1/x', 'me', '10.0.0.1'] }, ...service({}) },
      ['10.0.0.0/33', '127.1', '::1/x', 'me'].map(
        (proxy, p) =>
          `gateway.trustedProxies[${p}]: expected an address or a CIDR block such as 10.0.0.0/8, got "${proxy}"`,
      ),
    ],
  ])('%s', (_what, input, faults) => {
    expect(faultsOf(input, { 'odd.pem': 'hello' })).toEqual(faults);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'x', 'expected a mapping, got the string "x"'],
    ['true', true, 'expected a mapping, got the boolean true'],
    ['a list', [], 'expected a mapping, got a list'],
    ['null', null, 'expected a mapping, got nothing'],
  ])('%s for a mapping', (_what, policy, message) => {
    expect(faultsOf(service({ policy }))).toEqual([`services[0].policy: ${message}`]);
  });

  it('a mapping for a text, a text for a yes or no, an unknown word in a list', () => {
    const policy = { coalesce: 'yes', ignore: ['cookies'], tags: { a: 1 } };
    expect(faultsOf(service({ name: { first: 'a' }, policy }))).toEqual([
      'services[0].name: expected a text, got a mapping',
      'services[0].policy.ignore[0]: expected one of authorization, cookie, set-cookie, no-store, private, got the string "cookies"',
      'services[0].policy.tags: expected a list, got a mapping',
      'services[0].policy.coalesce: expected true or false, got the string "yes"',
    ]);
  });

  it('a text that is too long, and a name that is none', () => {
    const faults = faultsOf(service({ name: 'a b', policy: { tags: ['x'.repeat(257)] } }));
    expect(faults).toEqual([
      'services[0].name: expected a name of letters, digits, ".", "_" and "-"',
      'services[0].policy.tags[0]: expected at most 256 characters',
    ]);
  });

  it('a file whose reader gives no code', () => {
    const readFile = (): never => {
      throw new Error('no reason');
    };
    const input = target({ ca: 'x.pem' }) as ConfigInput;
    expect(() => resolveConfig(input, { cacheTtl: 0, readFile })).toThrow(/ca: can't read the file x\.pem$/);
  });

  it('names used twice, and two services without hosts', () => {
    const routes = [{ path: '/x' }, { path: '/x' }, { name: 'n', path: '/y' }, { name: 'n', path: '/z' }];
    expect(
      faultsOf({
        services: [
          { name: 'a', targets, routes },
          { name: 'a', targets },
        ],
      }),
    ).toEqual([
      'services[0].routes[1].path: the route "/x" is already at routes[0]; give one of them a name',
      'services[0].routes[3].name: the route "n" is already at routes[2]; give one of them a name',
      'services[1].name: the service "a" is already at services[0]',
      'services[1]: services[0] has no hosts either; only one service can answer to every host',
    ]);
  });

  it('tells of shape and meaning at once, and of each setting once', () => {
    const faults = faultsOf({
      gateway: { trustedProxies: ['x'], memory: 'big' },
      services: [
        { name: 'a', targets: [{ url: 'nope' }], hosts: ['h'] },
        { name: 'a', targets, hosts: ['h'] },
      ],
    });
    expect(faults.map((line) => line.split(': ')[0])).toEqual([
      'gateway.memory',
      'services[0].targets[0].url',
      'gateway.trustedProxies[0]',
      'services[1].name',
      'services[1].hosts[0]',
    ]);
  });
});
