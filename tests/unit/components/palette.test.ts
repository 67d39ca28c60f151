import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];

const css = readFileSync(new URL('../../../app/globals.css', import.meta.url), 'utf8');

/** The tokens of one theme, by name without "--". */
function tokens(selector: string): Map<string, string> {
  const start = css.indexOf(`\n${selector} {`);
  if (start < 0) throw new Error(`no block ${selector}`);
  const block = css.slice(start).split('}')[0] ?? '';
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

function rgb(hex: string): Rgb {
  const at = (i: number) => linear(parseInt(hex.slice(i, i + 2), 16) / 255);
  return [at(1), at(3), at(5)];
}

/** What an eye without one kind of cone sees, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const EYES: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Björn Ottosson's OKLab of a linear colour: equal distances look about equally far apart. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(Math.max(0, 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b));
  const m = Math.cbrt(Math.max(0, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b));
  const s = Math.cbrt(Math.max(0, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b));
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const dot = (a: Rgb, b: Rgb): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function distance(a: string, b: string, eye: readonly [Rgb, Rgb, Rgb]): number {
  const seen = (hex: string): Rgb => {
    const colour = rgb(hex);
    return oklab([dot(eye[0], colour), dot(eye[1], colour), dot(eye[2], colour)]);
  };
  const [x, y] = [seen(a), seen(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], rgb(hex));

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const STACK = ['l1', 'l2', 'l3', 'stale', 'coalesced', 'origin', 'error'].map((name) => `series-${name}`);
const THEMES = { light: tokens("[data-theme='light']"), dark: tokens("[data-theme='dark']") };

describe.each(Object.entries(THEMES))('the %s theme', (_theme, theme) => {
  const colour = (name: string): string => theme.get(name) ?? expect.fail(`no token --${name}`);

  test.each(Object.keys(EYES))('tells the layers of the stack apart to %s eyes', (name) => {
    const eye = EYES[name] ?? expect.fail(name);
    for (const [i, a] of STACK.entries()) {
      for (const b of STACK.slice(i + 1)) {
        expect(distance(colour(a), colour(b), eye), `${a} and ${b}`).toBeGreaterThan(0.1);
      }
    }
  });

  test('has every text at 4.5:1 on every ground it stands on', () => {
    for (const text of ['text', 'text-2', 'text-3', 'accent', 'good', 'watch', 'bad', 'unknown']) {
      for (const ground of ['bg', 'raised', 'hover']) {
        expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const state of ['good', 'watch', 'bad']) {
      for (const text of [state, 'text', 'text-2']) {
        expect(contrast(colour(text), colour(`${state}-wash`)), `${text} on ${state}-wash`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colour('accent-text'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test('has every line that carries meaning at 3:1: of charts, of fields, around what has the focus', () => {
    for (const line of ['series-strong', 'series-soft', 'accent', 'bad', 'watch']) {
      expect(contrast(colour(line), colour('bg')), `${line} on bg`).toBeGreaterThanOrEqual(3);
    }
    for (const ground of ['bg', 'raised', 'hover']) {
      expect(contrast(colour('line-field'), colour(ground)), `line-field on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(Object.keys(EYES))('tells the two lines of a chart apart to %s eyes', (name) => {
    const eye = EYES[name] ?? expect.fail(name);
    expect(distance(colour('series-strong'), colour('series-soft'), eye)).toBeGreaterThan(0.1);
  });
});

test('both themes define the same tokens', () => {
  expect([...THEMES.dark.keys()].sort()).toEqual([...THEMES.light.keys()].sort());
});

test('docs/design-system.md says the contrasts as they are', () => {
  const doc = readFileSync(new URL('../../../docs/design-system.md', import.meta.url), 'utf8');
  const rows = [...doc.matchAll(/^\| `([\w-]+)` +\| [^|]+ \| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(10);
  for (const [, token = '', ...said] of rows) {
    const measured = [THEMES.light, THEMES.dark].flatMap((theme) =>
      ['bg', 'hover'].map((ground) => contrast(theme.get(token) ?? '', theme.get(ground) ?? '').toFixed(1)),
    );
    expect(said, token).toEqual(measured);
  }
});
