import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFixture } from '../support/fixture-process.ts';
import { KEY, openWebKit, type WebKit } from '../support/webkit.ts';

/* The console in WebKit, the engine of Safari, by WebDriver: what the other browsers' tests hold in full, once over. */

let fixture: Awaited<ReturnType<typeof startFixture>>;
let page: WebKit;

beforeAll(async () => {
  [fixture, page] = await Promise.all([startFixture(), openWebKit()]);
  await page.resize(1_440, 900);
}, 60_000);
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
});
