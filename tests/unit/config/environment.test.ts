import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../lib/config/environment.ts';
import { isPitwallError } from '../../../lib/kernel/errors.ts';

function faultOf(env: Readonly<Record<string, string>>): string {
  try {
    readEnvironment(env);
  } catch (error) {
    if (isPitwallError(error) && error.code === 'config_invalid') return error.message;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      gatewayPort: 8080,
      gatewayHost: '127.0.0.1',
      upstream: undefined,
      configFile: undefined,
      dataDir: './data',
      workers: 1,
      roles: ['gateway', 'console'],
      instance: undefined,
      name: undefined,
      redisUrl: undefined,
      redisPrefix: 'pitwall:',
      databaseUrl: undefined,
      consoleUrl: undefined,
      secret: undefined,
      localAdmin: true,
      admin: undefined,
      metricsToken: undefined,
      apiLimit: 6_000,
      journalDays: 365,
      logLevel: 'info',
      cacheTtl: 0,
      monitoringInterval: 5000,
      memoryThreshold: 80,
      maxConcurrentTests: 20,
      drainDelay: 0,
      drainGrace: 10_000,
      development: false,
    });
  });

  it('reads what is set, and is plain data', () => {
    const environment = readEnvironment({
      PORT: '0',
      HOST: '0.0.0.0',
      GATEWAY_PORT: ' 80 ',
      GATEWAY_HOST: '::1',
      PITWALL_UPSTREAM: 'https://api.example.com/base',
      PITWALL_DATA_DIR: '/var/lib/pitwall',
      PITWALL_WORKERS: '64',
      PITWALL_ROLES: 'console, gateway',
      PITWALL_INSTANCE: 'eu-west.1_a',
      PITWALL_ENVIRONMENT: ' Production EU ',
      REDIS_URL: 'redis-sentinel://:secret@a,b:26380/main',
      PITWALL_REDIS_PREFIX: 'shop:',
      DATABASE_URL: 'postgresql://me:secret@db/pitwall',
      PITWALL_URL: 'https://pitwall.example.com/',
      PITWALL_SECRET: 'x'.repeat(32),
      PITWALL_LOCAL_ADMIN: 'off',
      PITWALL_ADMIN_EMAIL: 'ada@example.com',
      PITWALL_ADMIN_PASSWORD: 'correct horse battery',
      PITWALL_OIDC_ISSUER: 'https://id.example.com',
      PITWALL_OIDC_CLIENT_ID: 'pitwall',
      PITWALL_OIDC_CLIENT_SECRET: 'known to both',
      PITWALL_OIDC_NAME: 'Example ID',
      PITWALL_OIDC_NEWCOMERS: 'viewer',
      PITWALL_METRICS_TOKEN: 'scrape-me-please-1',
      PITWALL_API_LIMIT: '60',
      LOG_LEVEL: 'debug',
      CACHE_TTL: '30s',
      PERFORMANCE_MONITORING_INTERVAL: '250',
      MEMORY_THRESHOLD: '90',
      MAX_CONCURRENT_TESTS: '5',
      DRAIN_DELAY: '5000',
      PITWALL_DRAIN_GRACE: '1m',
      NODE_ENV: 'development',
    });
    expect(environment).toMatchObject({
      port: 0,
      gatewayPort: 80,
      gatewayHost: '::1',
      upstream: 'https://api.example.com/base',
      workers: 64,
      name: 'Production EU',
      roles: ['gateway', 'console'],
      instance: 'eu-west.1_a',
      redisUrl: 'redis-sentinel://:secret@a,b:26380/main',
      redisPrefix: 'shop:',
      databaseUrl: 'postgresql://me:secret@db/pitwall',
      consoleUrl: 'https://pitwall.example.com',
      secret: 'x'.repeat(32),
      localAdmin: false,
      admin: { email: 'ada@example.com', password: 'correct horse battery' },
      metricsToken: 'scrape-me-please-1',
      apiLimit: 60,
      logLevel: 'debug',
      cacheTtl: 30_000,
      monitoringInterval: 250,
      drainGrace: 60_000,
      development: true,
    });
    expect(structuredClone(environment)).toEqual(environment);
  });

  it('takes the first account whole, and no secret that is too short', () => {
    expect(
      faultOf({
        PITWALL_ADMIN_EMAIL: 'ada@example.com',
        PITWALL_SECRET: 'short',
        PITWALL_LOCAL_ADMIN: 'maybe',
        PITWALL_ADMIN_PASSWORD: '',
      }),
    ).toBe(
      [
        'The environment has 3 faults:',
        '  PITWALL_SECRET: expected at least 32 characters, such as what openssl rand -base64 32 prints',
        '  PITWALL_LOCAL_ADMIN: expected on or off, got "maybe"',
        '  PITWALL_ADMIN_EMAIL and PITWALL_ADMIN_PASSWORD: set both or neither',
      ].join('\n'),
    );
  });

  it('makes nobody at the machine admin behind a public name, unless it’s said', () => {
    const localAdmin = (env: Record<string, string>) => readEnvironment(env).localAdmin;
    expect(localAdmin({})).toBe(true);
    expect(localAdmin({ PITWALL_URL: 'http://localhost:3000' })).toBe(true);
    expect(localAdmin({ PITWALL_URL: 'https://pw.example' })).toBe(false);
    expect(localAdmin({ PITWALL_URL: 'https://pw.example', PITWALL_LOCAL_ADMIN: 'on' })).toBe(true);
    expect(faultOf({ PITWALL_ADMIN_EMAIL: 'admin', PITWALL_ADMIN_PASSWORD: 'correct horse battery' })).toContain(
      'PITWALL_ADMIN_EMAIL: expected an e-mail address',
    );
  });

  it('takes a single sign-on whole, and over TLS', () => {
    expect(faultOf({ PITWALL_OIDC_ISSUER: 'http://id.example.com', PITWALL_OIDC_NEWCOMERS: 'anybody' })).toBe(
      [
        'The environment has 3 faults:',
        '  PITWALL_OIDC_ISSUER: expected an https:// URL',
        '  PITWALL_OIDC_NEWCOMERS: expected refuse, viewer, operator, admin, got "anybody"',
        '  PITWALL_OIDC_ISSUER, PITWALL_OIDC_CLIENT_ID and PITWALL_OIDC_CLIENT_SECRET: set all or none',
      ].join('\n'),
    );
    const whole = { PITWALL_OIDC_CLIENT_ID: 'pitwall', PITWALL_OIDC_CLIENT_SECRET: 'known to both' };
    expect(faultOf({ PITWALL_OIDC_ISSUER: 'https://id.example', ...whole, HOST: '0.0.0.0' })).toContain('PITWALL_URL');
    const { oidc } = readEnvironment({ PITWALL_OIDC_ISSUER: 'http://localhost:9000', ...whole });
    expect(oidc).toMatchObject({ issuer: 'http://localhost:9000', name: 'single sign-on', newcomers: null });
  });

  it('takes an empty variable as unset', () => {
    expect(
      readEnvironment({ PORT: '', LOG_LEVEL: '  ', PITWALL_UPSTREAM: '', PITWALL_CONFIG: 'a.yaml' }),
    ).toMatchObject({
      port: 3000,
      logLevel: 'info',
      upstream: undefined,
      configFile: 'a.yaml',
    });
  });

  it('reads the process when told nothing', () => {
    expect(readEnvironment().memoryThreshold).toBeGreaterThan(0);
  });

  it('names every fault in one message', () => {
    const message = faultOf({
      PORT: '65536',
      GATEWAY_PORT: '80a',
      PITWALL_WORKERS: '65',
      LOG_LEVEL: 'loud',
      CACHE_TTL: '3x',
    });
    expect(message).toBe(
      [
        'The environment has 5 faults:',
        '  PORT: expected a port from 0 to 65535, got "65536"',
        '  GATEWAY_PORT: expected a port from 0 to 65535, got "80a"',
        '  PITWALL_WORKERS: expected a number of workers from 1 to 64, got "65"',
        '  LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"',
        '  CACHE_TTL: expected 0 to 9007199254740991 milliseconds, or a duration such as 30s, got "3x"',
      ].join('\n'),
    );
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', '0x10'],
    ['PITWALL_WORKERS', '0'],
    ['MEMORY_THRESHOLD', '101'],
    ['MAX_CONCURRENT_TESTS', '0'],
    ['DRAIN_DELAY', '-5'],
    ['DRAIN_DELAY', '25d'],
    ['PERFORMANCE_MONITORING_INTERVAL', '0'],
    ['PITWALL_DRAIN_GRACE', 'soon'],
    ['PITWALL_UPSTREAM', 'localhost:9000'],
    ['PITWALL_UPSTREAM', 'ftp://127.0.0.1'],
    ['PITWALL_UPSTREAM', 'http://'],
    ['PITWALL_UPSTREAM', 'http:///path'],
    ['PITWALL_UPSTREAM', 'http://a/?query'],
    ['PITWALL_UPSTREAM', 'http://a/#part'],
    ['HOST', 'x'.repeat(5_000)],
    ['PITWALL_ROLES', 'gateway,gateway'],
    ['PITWALL_ROLES', 'gateway,console,sampler'],
    ['PITWALL_ROLES', ','],
    ['PITWALL_ENVIRONMENT', 'x'.repeat(25)],
    ['PITWALL_ENVIRONMENT', '(prod)'],
    ['PITWALL_INSTANCE', 'a b'],
    ['PITWALL_INSTANCE', '-a'],
    ['PITWALL_INSTANCE', 'x'.repeat(64)],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'redis://a/one'],
    ['REDIS_URL', 'redis-sentinel://a'],
    ['PITWALL_REDIS_PREFIX', 'a b'],
    ['PITWALL_REDIS_PREFIX', 'x'.repeat(65)],
    ['DATABASE_URL', 'mysql://a/b'],
    ['DATABASE_URL', 'file:'],
    ['DATABASE_URL', `file:${'x'.repeat(5_000)}`],
  ])('refuses %s=%s', (name, value) => {
    expect(faultOf({ [name]: value })).toMatch(new RegExp(`^The environment has 1 fault:\n  ${name}: expected `));
  });

  it('runs one role alone only with Redis', () => {
    for (const role of ['gateway', 'console']) {
      expect(readEnvironment({ PITWALL_ROLES: role, REDIS_URL: 'redis://a' }).roles).toEqual([role]);
      expect(faultOf({ PITWALL_ROLES: role })).toMatch(
        /^The environment has 1 fault:\n {2}PITWALL_ROLES: one role alone needs Redis to reach the other, so set REDIS_URL too$/,
      );
    }
  });

  it('refuses a name of ours that nobody reads, and knows which was meant', () => {
    expect(faultOf({ PITWALL_UPSTREM: 'http://a' })).toBe(
      'The environment has 1 fault:\n  PITWALL_UPSTREM: there is no such variable; did you mean PITWALL_UPSTREAM?',
    );
    expect(faultOf({ PITWALL_QUITE_OTHER: '1', UPSTREAM: 'http://a' })).toMatch(
      /PITWALL_QUITE_OTHER: there is no such variable$/,
    );
  });

  it('refuses an upstream beside a file', () => {
    expect(faultOf({ PITWALL_UPSTREAM: 'http://a', PITWALL_CONFIG: 'a.yaml' })).toContain('set one of them, not both');
  });

  it('never repeats a password or a whole novel', () => {
    expect(faultOf({ PITWALL_UPSTREAM: 'http://me:secret@a/' })).not.toContain('secret');
    expect(faultOf({ REDIS_URL: 'redis://me:secret@a:b' })).not.toContain('secret');
    expect(faultOf({ DATABASE_URL: 'mysql://me:secret@a' })).not.toContain('secret');
    expect(faultOf({ LOG_LEVEL: 'y'.repeat(10_000) }).length).toBeLessThan(200);
  });
});
