import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../../../lib/storage/database/location.ts';

describe('DATABASE_URL', () => {
  it.each([
    [undefined, '/data/pitwall.db'],
    ['', '/data/pitwall.db'],
    ['file:/tmp/a.db', '/tmp/a.db'],
    ['file:///tmp/a b.db', '/tmp/a b.db'],
    ['sqlite://tmp/a.db', '/tmp/a.db'],
    ['file:a.db', resolve('a.db')],
    ['sqlite:./a/b.db', resolve('a/b.db')],
  ])('%s is the file %s', (url, file) => {
    expect(parseDatabaseUrl(url, '/data')).toEqual({ provider: 'sqlite', file });
  });

  it.each([
    ['postgresql://u:p%40@db.test:5433/pit', 'postgresql://u:p%40@db.test:5433/pit'],
    ['postgres://u@db.test/pit?schema=public&sslmode=require', 'postgres://u@db.test/pit?sslmode=require'],
  ])('%s is a server', (given, url) => {
    expect(parseDatabaseUrl(given, '/data')).toEqual({ provider: 'postgresql', url });
  });

  it.each([
    'mysql://secret@db.test/pit',
    'secret',
    'file:',
    'file::memory:?secret',
    'file:secret.db?mode=ro',
    'postgresql://',
    'postgresql://u:secret@db.test',
    'postgresql://u:secret@db.test/',
    'postgresql://u:secret@db.test/pit?schema=other',
    'postgresql://u:sec ret@db.test:port/pit',
  ])('%s is refused without being quoted', (url) => {
    expect(() => parseDatabaseUrl(url, '/data')).toThrow(/^DATABASE_URL: (?!.*secret)/);
    expect(() => parseDatabaseUrl(url, '/data')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
