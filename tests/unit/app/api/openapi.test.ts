import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../../../../app/api/openapi.json/document.ts';
import { RESOURCES } from '../../../../app/api/openapi.json/resources.ts';
import * as openApiRoute from '../../../../app/api/openapi.json/route.ts';
import { API_VERBS, type ApiOperation, type ApiParameter, type JsonSchema } from '../../../../lib/contracts/openapi.ts';
import { createMemo } from '../../../../lib/dedup/memo.ts';
import { API_TAGS } from '../../../../lib/http/operation.ts';
import { systemClock } from '../../../../lib/kernel/clock.ts';
import { ERROR_STATUS } from '../../../../lib/kernel/errors.ts';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { publishContainer, type Container } from '../../../../lib/runtime.ts';
import manifest from '../../../../package.json' with { type: 'json' };

const api = join(import.meta.dirname, '../../../../app/api');
const document = await apiDocument();
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  API_VERBS.flatMap((verb) => (item[verb] === undefined ? [] : [{ name: `${verb} ${path}`, operation: item[verb] }])),
);

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1', async () => {
    const found = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(found.errors).toBeUndefined();
    expect(found.valid).toBe(true);
    expect(document.info.version).toBe(manifest.version);
  });

  it('has every route of app/api, and no other', () => {
    const folders = readdirSync(api, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('/route.ts'))
      .map((file) => `/api/${file.slice(0, -'/route.ts'.length).replaceAll(/\[(\w+)\]/g, '{$1}')}`);
    expect(
      Object.keys(document.paths)
        .filter((path) => path.startsWith('/api/'))
        .sort(),
    ).toEqual(folders.sort());
  });

  it('has every verb that a resource answers to, and no other', async () => {
    const unpublish = publishContainer({ logger: silentLogger } as Container);
    type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;
    for (const [path, module] of Object.entries({ ...RESOURCES, '/api/openapi.json': openApiRoute })) {
      const options = (module as unknown as { OPTIONS: Handler }).OPTIONS;
      const answer = await options(new Request('http://localhost/'), { params: Promise.resolve({}) });
      const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((verb) => !/HEAD|OPTIONS/.test(verb));
      expect([path, Object.keys(document.paths[path] ?? {}).map((verb) => verb.toUpperCase())]).toEqual([
        path,
        allowed,
      ]);
    }
    unpublish();
  });

  it('names each operation once, says what it does, and groups it', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operations) {
      expect(operation.operationId, name).toMatch(/^[a-z][a-zA-Z]+$/);
      expect(operation.summary.length, name).toBeLessThan(70);
      expect(operation.summary, name).not.toMatch(/\.$/);
      expect(Object.keys(API_TAGS), name).toEqual(expect.arrayContaining([...operation.tags]));
    }
  });

  it('says of every parameter what it is, and bounds every text and number', () => {
    const parametersOf = ({ parameters = [] }: ApiOperation): ApiParameter[] =>
      parameters.flatMap((parameter) => ('name' in parameter ? [parameter] : []));
    for (const { name, operation } of operations) {
      for (const { name: parameter, description, schema } of parametersOf(operation)) {
        const at = `${name} ${parameter}`;
        expect(description ?? '', at).not.toBe('');
        if (schema.type === 'string') expect(schema.enum ?? schema.maxLength ?? schema.pattern, at).toBeDefined();
        if (schema.type === 'integer') expect([schema.minimum, schema.maximum], at).not.toContain(undefined);
      }
    }
  });

  it('has examples that fit', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { email: /^[^@]+@[^@]+$/ } });
    ajv.addSchema(document, 'document');
    let examples = 0;
    const check = (schema: JsonSchema, example: unknown, at: string): void => {
      const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
      const validate = ajv.compile(JSON.parse(text) as JsonSchema);
      expect([at, validate(example), validate.errors]).toEqual([at, true, null]);
      examples++;
    };
    for (const { name, operation } of operations) {
      const body = operation.requestBody?.content['application/json'];
      if (body !== undefined) check(body.schema, body.example, name);
      for (const parameter of operation.parameters ?? []) {
        if ('name' in parameter && parameter.example !== undefined) check(parameter.schema, parameter.example, name);
      }
    }
    expect(examples).toBeGreaterThan(3);
  });

  it('knows every problem code, and gives each its own status', () => {
    const codes = document.components.schemas.Problem?.properties?.code?.oneOf?.map((code) => code.const);
    expect(codes).toEqual(Object.keys(ERROR_STATUS));
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (!('content' in response) || status === '200') continue;
        const schema = response.content?.['application/problem+json']?.schema.allOf?.[1]?.properties?.code?.enum;
        for (const code of schema ?? ['none']) {
          expect([name, code, ERROR_STATUS[code as keyof typeof ERROR_STATUS]]).toEqual([name, code, Number(status)]);
        }
      }
    }
  });

  it('refers to nothing that is not there, and keeps nothing that nobody refers to', () => {
    const text = JSON.stringify(document);
    const wanted = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(([, kind, name]) => `${kind}/${name}`),
    );
    const there = Object.entries(document.components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `${kind}/${name}`),
    );
    // Schemes are named by what may come in, not referred to.
    for (const scheme of document.security.flatMap(Object.keys)) wanted.add(`securitySchemes/${scheme}`);
    expect([...wanted].sort()).toEqual(there.sort());
  });

  it('is served', async () => {
    const unpublish = publishContainer({
      logger: silentLogger,
      answers: createMemo<string>({ ttlMs: 1, maxEntries: 1, clock: systemClock }),
    } as unknown as Container);
    const answer = await openApiRoute.GET(new Request('http://localhost/api/openapi.json'), {
      params: Promise.resolve({}),
    });
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
    unpublish();
  });
});
