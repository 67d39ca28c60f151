import { describe, expect, it } from 'vitest';
import { readable } from '@/components/api-reference/answer';
import { curlOf, requestPath } from '@/components/api-reference/request-line';

describe('a request that is filled in', () => {
  it('has its path and its query, encoded; what is empty is left out', () => {
    expect(requestPath('/api/jobs/{id}', [], { id: 'a/b c' })).toBe('/api/jobs/a%2Fb%20c');
    expect(requestPath('/api/jobs/{id}', [], {})).toBe('/api/jobs/{id}');
    expect(requestPath('/api/jobs', ['state', 'limit'], { state: 'queued,running', limit: '' })).toBe(
      '/api/jobs?state=queued,running',
    );
    expect(requestPath('/api/x', ['a', 'b'], { a: '1&2', b: '3' })).toBe('/api/x?a=1%262&b=3');
    expect(requestPath('/api/x', ['a'], { other: '1' })).toBe('/api/x');
  });

  it('is a command that a shell takes as it stands', () => {
    const host = 'http://127.0.0.1:3000';
    expect(curlOf(host, 'get', '/api/jobs', undefined)).toBe('curl -s http://127.0.0.1:3000/api/jobs');
    expect(curlOf(host, 'get', '/api/jobs?limit=1', undefined)).toBe(
      "curl -s 'http://127.0.0.1:3000/api/jobs?limit=1'",
    );
    expect(curlOf(host, 'get', '/api/jobs/{id}', undefined)).toBe("curl -s 'http://127.0.0.1:3000/api/jobs/{id}'");
    expect(curlOf(host, 'post', '/api/x', undefined)).toBe('curl -s -X POST http://127.0.0.1:3000/api/x');
    expect(curlOf(host, 'delete', '/api/x', undefined)).toBe('curl -s -X DELETE http://127.0.0.1:3000/api/x');
    expect(curlOf(host, 'post', '/api/x', '{"a":"it\'s"}')).toBe(
      `curl -s http://127.0.0.1:3000/api/x -H 'content-type: application/json' -d '{"a":"it'\\''s"}'`,
    );
    expect(curlOf(host, 'put', '/api/x', '{}')).toBe(
      "curl -s http://127.0.0.1:3000/api/x -H 'content-type: application/json' -d '{}' -X PUT",
    );
  });
});

it('JSON is indented, anything else stays as it came', () => {
  expect(readable({ type: 'application/json; charset=utf-8', text: '{"a":1}' })).toBe('{\n  "a": 1\n}');
  expect(readable({ type: 'application/problem+json', text: 'not json' })).toBe('not json');
  expect(readable({ type: 'text/plain', text: '{"a":1}' })).toBe('{"a":1}');
});
