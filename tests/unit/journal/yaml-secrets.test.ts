import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fillSecrets, hideSecrets } from '../../../lib/journal/yaml-secrets.ts';

const TOKEN = 'a-token-of-24-characters';
const yaml = (value: string, rest = ''): string => `gateway:
  explainToken: ${value} # of ops
  memory: 64MiB
services: # ours
  - name: shop
    targets: [{ url: "http://127.0.0.1:9" }]
    policy: { coalesceCookies: true }
${rest}`;

describe('secrets in a configuration’s text', () => {
  it.each([TOKEN, `"${TOKEN}"`, `'${TOKEN}'`, `&token ${TOKEN}`, `!!str ${TOKEN}`])(
    '%s is hidden, and nothing else changes',
    (value) => {
      const hidden = hideSecrets(yaml(value));
      expect(hidden).not.toContain(TOKEN);
      expect(hidden).toBe(yaml(value.replace(/["']?a-token[\w-]+["']?/, '"[redacted]"')));
      expect(hideSecrets(hidden)).toBe(hidden);
    },
  );

  it('is found in block scalars, by aliases, and in comments', () => {
    const block = `gateway:\n  explainToken: >-\n    ${TOKEN}\n  memory: 64MiB\n`;
    expect(hideSecrets(block)).toBe('gateway:\n  explainToken: "[redacted]"\n  memory: 64MiB\n');
    const alias = `gateway:\n  accessLog: { file: &t ${TOKEN} }\n  explainToken: *t\n# it was ${TOKEN} once\n`;
    expect(hideSecrets(`gateway: { explainToken: ${TOKEN} }\n# it was ${TOKEN}\n`)).not.toContain(TOKEN);
    expect(hideSecrets(alias)).not.toContain(TOKEN);
    expect(fillSecrets(hideSecrets(alias), TOKEN)).toEqual({
      text: alias.replace(`&t ${TOKEN}`, `&t "${TOKEN}"`).replace(`was ${TOKEN}`, 'was [redacted]'),
    });
    expect(hideSecrets('# password: hunter2hunter2\r\na: 1 # see https://me:pw@host/x\r\n')).toBe(
      '# password: [redacted]\r\na: 1 # see https://[redacted]@host/x\r\n',
    );
  });

  it('keeps what gives nothing away, and whatever else a text has', () => {
    const text = '# ours\n%YAML 1.2\n---\na: |\n  # no comment\n  b\nc: {d: [1, "2"]}\n\n\n...\n';
    expect(hideSecrets(text)).toBe(text);
    expect(hideSecrets(yaml('null'))).toBe(yaml('null'));
    expect(hideSecrets('')).toBe('');
    expect(hideSecrets(`${yaml('null')}\tbroken: [`)).toContain('broken: [');
  });

  it('come back from what runs; without one the fault names its line', () => {
    const hidden = hideSecrets(yaml(TOKEN));
    const other = 'with "quotes" and \\ in it';
    const filled = fillSecrets(hidden, other);
    expect('text' in filled && (parse(filled.text) as { gateway: object }).gateway).toEqual({
      explainToken: other,
      memory: '64MiB',
    });
    expect(fillSecrets(hidden, undefined)).toEqual({
      fault: {
        line: 2,
        column: 17,
        path: 'gateway.explainToken',
        message: expect.stringMatching(/hidden here/) as string,
      },
    });
    for (const text of [yaml(TOKEN), 'a: "[redacted]"\n', '# [redacted]\n', '- "[redacted]"\n'])
      expect(fillSecrets(text, other)).toEqual({ text });
  });
});
