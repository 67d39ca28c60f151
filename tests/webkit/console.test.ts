import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { THEME_KEY } from '../../hooks/theme-key.ts';
import { eventually } from '../support/eventually.ts';
import { startFixture } from '../support/fixture-process.ts';
import { KEY, openWebKit, type WebKit } from '../support/webkit.ts';

/* The console in WebKit, the engine of Safari, by WebDriver: what the other browsers' tests hold in full, once over. */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let fixture: Awaited<ReturnType<typeof startFixture>>;
let page: WebKit;

beforeAll(async () => {
  [fixture, page] = await Promise.all([startFixture(), openWebKit()]);
  await page.resize(1_440, 900);
}, 120_000);
afterAll(async () => {
  await page?.close();
  await fixture?.stop();
});
beforeEach(async () => {
  await fixture.socket('on');
  await fixture.scenario('busy');
  await page.goto(`${fixture.url}/`);
  await shows('Healthy');
  await eventually(
    async () =>
      expect(await page.run('return document.querySelectorAll("[data-testid=plot]").length')).toBeGreaterThan(0),
    15_000,
  );
  // Without a window manager no window has the focus, and keys go nowhere.
  await page.run('document.querySelector("main").focus()');
});
afterEach(async () => expect(await page.said(), 'the browser’s console stays quiet').toEqual([]));

const shows = (words: string | RegExp): Promise<void> =>
  eventually(async () => expect(await page.text()).toMatch(words), 15_000);
const theme = (): Promise<string> => page.run('return document.documentElement.dataset.theme');
const search = (): Promise<string> => page.run('return location.search');
/** Words of the open dialog; empty without one. */
const dialog = (): Promise<string> => page.run('return document.querySelector("[role=dialog]")?.innerText ?? ""');
/** Words of the notifications. */
const notes = (): Promise<string> =>
  page.run('return document.querySelector("[role=region][aria-label^=Notifications]")?.innerText ?? ""');
/** What axe finds wrong with the page by WCAG 2.2 A and AA. */
const faults = async (): Promise<string[]> => {
  await page.run(`${AXE}; return true`);
  return page.run(`return axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], preload: false,
  }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' | ')))`);
};
const clickText = (css: string, words: string): Promise<void> =>
  eventually(async () =>
    expect(
      await page.run(
        `const found = [...document.querySelectorAll(arguments[0])].find((one) => one.innerText.trim() === arguments[1]);
         found?.focus(); found?.click(); return found !== undefined`,
        css,
        words,
      ),
    ).toBe(true),
  );

describe('the console in WebKit', () => {
  it('says health, hero, tiles and routes', async () => {
    for (const words of ['Origin calls saved', 'p95 miss', 'Answered by', 'Latency', 'Routes']) {
      expect(await page.text()).toContain(words);
    }
    expect(await page.text()).not.toMatch(/NaN|Infinity|undefined/);
    const overflow = 'return document.documentElement.scrollWidth - innerWidth';
    expect(await page.run(overflow)).toBeLessThanOrEqual(0);
  });

  it('moves once a second', async () => {
    const shape = (): Promise<string> =>
      page.run('return document.querySelector("[data-series=l2]").getAttribute("d")');
    const before = await shape();
    await eventually(async () => expect(await shape()).not.toBe(before), 10_000);
  });

  it('works by keyboard: help, ranges, pause', async () => {
    await page.press('?');
    await eventually(async () => expect(await dialog()).toContain('Keyboard'));
    await page.press(KEY.escape);
    await eventually(async () => expect(await dialog()).toBe(''));
    await page.press('1');
    await eventually(async () => expect(await search()).toContain('from=now-1m'));
    await page.press('p');
    await shows('Paused');
    await page.press('p');
    await shows('Live');
  });

  it('changes its theme, and keeps it', async () => {
    const first = await theme();
    await page.press('t');
    await page.press('t');
    await eventually(async () => expect(await theme()).not.toBe(first));
    const chosen = await theme();
    await page.goto(`${fixture.url}/?from=now-15m&to=now`);
    await shows('Healthy');
    expect(await theme()).toBe(chosen);
    await page.run('localStorage.clear()');
  });

  it('opens a route and says what could be done', async () => {
    const open = 'return [...document.querySelectorAll("a")].find((one) => /\\/api\\/search/.test(one.innerText))';
    await eventually(async () => expect(await page.run(`${open} !== undefined`)).toBe(true));
    await page.run(`${open.replace('return ', 'const row = ')}; row.focus()`);
    await page.press(KEY.enter);
    await shows(/doesn’t say how long it is fresh/);
  });

  it('fits a phone', async () => {
    await page.resize(400, 800);
    try {
      const overflow = 'return document.documentElement.scrollWidth - innerWidth';
      await eventually(async () => expect(await page.run<number>('return innerWidth')).toBeLessThan(600));
      await eventually(async () => expect(await page.run(overflow)).toBeLessThanOrEqual(0));
      await shows('Origin calls saved');
    } finally {
      await page.resize(1_440, 900);
    }
  });

  it('is accessible in good times and bad, light and dark', async () => {
    for (const each of ['light', 'dark']) {
      await page.run('localStorage.setItem(arguments[0], arguments[1])', THEME_KEY, each);
      for (const [scenario, words] of [
        ['busy', 'Healthy'],
        ['failing', 'Failing'],
      ] as const) {
        await fixture.scenario(scenario);
        await page.goto(`${fixture.url}/`);
        await shows(words);
        expect(await theme()).toBe(each);
        expect(await faults()).toEqual([]);
      }
    }
    await page.run('localStorage.clear()');
  });

  it('clears a tag by keyboard, and undoes it', async () => {
    await page.press('c');
    await eventually(async () => expect(await dialog()).toContain('Mark stale'));
    await page.run(`const kind = document.querySelector('[role=dialog] select');
      kind.value = 'tag'; kind.dispatchEvent(new Event('change', { bubbles: true }))`);
    await page.run('document.querySelector("[role=dialog] input:not([type=radio])").focus()');
    await page.press('chat:42');
    await page.press(KEY.enter);
    await eventually(async () => expect(await notes()).toMatch(/Marked stale[^]*tag chat:42/));
    await clickText('[role=region] button', 'Undo');
    await eventually(async () => expect(await notes()).toMatch(/Fresh again: tag chat:42/));
  });

  it('jumps to a route by the palette', async () => {
    await page.press(`${KEY.control}k`, true);
    await eventually(async () => expect(await dialog()).toContain('Custom time window'));
    await page.press('/api/me');
    await eventually(async () => expect(await dialog()).toContain('hits'));
    await page.press(KEY.enter);
    await eventually(async () => expect(await search()).toContain('api%2Fme'));
    await eventually(async () => expect(await dialog()).toBe(''));
  });

  it('shows requests as they come, narrows them, and opens one', async () => {
    await page.goto(`${fixture.url}/?tab=requests&tail-statuses=4xx`);
    const lines =
      'return [...document.querySelectorAll("[role=grid] [role=row][aria-selected]")].map((row) => row.innerText)';
    await eventually(async () => expect((await page.run<string[]>(lines)).length).toBeGreaterThan(3), 15_000);
    for (const line of await page.run<string[]>(lines)) expect(line).toMatch(/\b4\d\d\b/);
    await page.run('document.querySelector("[role=grid]").focus()');
    await page.press('\uE013');
    await page.press(KEY.enter);
    await eventually(async () =>
      expect(await page.run('return document.querySelector("aside[aria-label=Request]")?.innerText ?? ""')).toContain(
        '404',
      ),
    );
  });

  it('says what changed, and links to it', async () => {
    await clickText(
      '[aria-label="What changed"] button',
      await page.run('return document.querySelector(\'[aria-label="What changed"] button\').innerText.trim()'),
    );
    await eventually(async () => expect(await search()).toContain('change='));
  });

  it('says that it lost its server, and comes back', async () => {
    await fixture.socket('off');
    await shows('Reconnecting');
    await fixture.socket('on');
    await shows('Live');
  });

  it('leads to a service of one’s own', async () => {
    await fixture.scenario('sample');
    await page.goto(`${fixture.url}/#setup=url`);
    await eventually(async () => expect(await dialog()).toContain('URL of your service'));
    await page.run('document.querySelector("[role=dialog] input").focus()');
    await page.press('https://shop.example');
    await page.press(KEY.enter);
    await eventually(async () => expect(await dialog()).toContain('Reached'));
    expect(await faults()).toEqual([]);
  });
});
