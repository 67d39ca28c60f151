import type { CDPSession, Page } from '@playwright/test';
import { expect, open, test } from './console';

/* How the page feels, in figures. Chromium only: they come from its performance timeline and its inspector. */

/** Compressed JavaScript until the page is there, charts among it; and with what is fetched later, when it's idle. */
const FIRST_BYTES = 300_000;
const ALL_BYTES = 325_000;
const LCP_MS = 1_000;
const CLS = 0.05;
/** The aim is 100 ms: to be held once a machine that does nothing else has shown it (docs/decisions/0016-charts.md). */
const INP_MS = 200;
/** Likewise: the aim is 50 ms. */
const PALETTE_MS = 200;
/** A machine that does something else meanwhile makes times longer, never shorter. */
const TRIES = 3;

// A trace takes a picture of the page at every step, and its time.
test.use({ trace: 'off' });

test.beforeEach(async ({ fixture, page }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
  await page.addInitScript(() => {
    const seen = { lcp: 0, cls: 0, interactions: {} as Record<number, number> };
    Object.assign(window, { seen });
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; interactionId: number };
    const watch = (type: string, take: (entry: Entry) => void, more: object = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => take(entry as Entry))).observe({
        type,
        buffered: true,
        ...more,
      });
    watch('largest-contentful-paint', (entry) => (seen.lcp = entry.startTime));
    watch('layout-shift', (entry) => (seen.cls += entry.hadRecentInput ? 0 : entry.value));
    watch(
      'event',
      ({ interactionId, duration }) => {
        if (interactionId === 0) return;
        seen.interactions[interactionId] = Math.max(seen.interactions[interactionId] ?? 0, duration);
      },
      { durationThreshold: 16 },
    );
  });
});

interface Seen {
  readonly lcp: number;
  readonly cls: number;
  /** ms until what an interaction did was painted, by its id; the slowest event of each. */
  readonly interactions: Readonly<Record<number, number>>;
}
const seenBy = (page: Page): Promise<Seen> => page.evaluate(() => (window as unknown as { seen: Seen }).seen);
const settled = (page: Page): Promise<unknown> =>
  page.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() => requestIdleCallback(() => resolve(null), { timeout: 5_000 })),
      ),
  );

/** Says a figure where the report shows it. */
function tell(type: string, description: string): void {
  test.info().annotations.push({ type, description });
  process.stdout.write(`    ${type}: ${description}\n`);
}

test('the first load is under 300 KB of compressed JavaScript', async ({ page, fixture }) => {
  await open(page, fixture.url);
  await settled(page);
  const html = await (await page.request.get(fixture.url)).text();
  const named = new Set(
    [...html.matchAll(/<script src="([^"]+)"([^>]*)>/gi)].filter((m) => !/nomodule/i.test(m[2] ?? '')).map((m) => m[1]),
  );
  const scripts = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ name, encodedBodySize, decodedBodySize }) => ({
        path: new URL(name).pathname,
        bytes: encodedBodySize,
        raw: decodedBodySize,
      })),
  );
  const total = (of: readonly { bytes: number }[]) => of.reduce((sum, { bytes }) => sum + bytes, 0);
  const first = scripts.filter(({ path }) => named.has(path));
  tell('JavaScript', `${total(first)} bytes first, ${total(scripts)} with what comes later`);
  expect(first.length).toBeGreaterThan(3);
  // What isn't compressed shows here.
  expect(total(scripts)).toBeLessThan(0.5 * scripts.reduce((sum, { raw }) => sum + raw, 0));
  expect(total(first)).toBeLessThan(FIRST_BYTES);
  expect(total(scripts)).toBeLessThan(ALL_BYTES);
});

test('the largest thing is painted within a second, and nothing moves when data comes', async ({ page, fixture }) => {
  const paints: number[] = [];
  while (paints.length < TRIES && !paints.some((ms) => ms < LCP_MS)) {
    await open(page, fixture.url);
    await page.evaluate(() => document.fonts.ready);
    await expect(page.getByText(/^since /)).toBeVisible();
    await settled(page);
    const { lcp, cls } = await seenBy(page);
    expect(cls).toBeLessThan(CLS);
    paints.push(lcp);
    tell('LCP, CLS', `${lcp.toFixed(0)} ms, ${cls.toFixed(4)}`);
  }
  expect(Math.min(...paints)).toBeGreaterThan(0);
  expect(Math.min(...paints)).toBeLessThan(LCP_MS);
});

/** What somebody does in a minute: ranges, pausing, sorting, a route and back, theme, help, service, a form. */
async function useThePage(page: Page): Promise<void> {
  await page.getByText('15m', { exact: true }).click();
  await page.keyboard.press('5');
  await page.keyboard.press('p');
  await page.keyboard.press('p');
  await page.getByRole('columnheader', { name: 'Req/s' }).getByRole('button').click();
  await page.getByRole('link', { name: 'chat /api/search' }).press('Enter');
  await page.keyboard.press('t');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Service' }).selectOption('chat');
  await page.getByRole('button', { name: 'Mode Cache', exact: true }).click();
  await page.getByRole('textbox', { name: /Reason/ }).pressSequentially('Comparing');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Service' }).selectOption({ label: 'All services' });
}

/** Interaction to Next Paint as it's defined: the slowest but one for each 50 (web.dev/articles/inp). */
async function interactionToNextPaint(page: Page): Promise<{ inp: number; count: number; slowest: number }> {
  const { interactions } = await seenBy(page);
  const count = await page.evaluate(() => (performance as unknown as { interactionCount: number }).interactionCount);
  const slowest = Object.values(interactions).toSorted((a, b) => b - a);
  return { inp: slowest[Math.floor(count / 50)] ?? 0, count, slowest: slowest[0] ?? 0 };
}

test('answers at once whatever is pressed, with data coming in', async ({ page, fixture }) => {
  const tries: number[] = [];
  while (tries.length < TRIES && !tries.some((ms) => ms < INP_MS)) {
    await open(page, fixture.url);
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    for (let minute = 0; minute < 4; minute += 1) await useThePage(page);
    await settled(page);
    const { inp, count, slowest } = await interactionToNextPaint(page);
    expect(count).toBeGreaterThan(50);
    tries.push(inp);
    tell('INP', `${inp} ms of ${count} interactions, the slowest ${slowest} ms`);
  }
  expect(Math.min(...tries)).toBeLessThan(INP_MS);
});

/** Opens the palette by its key. Resolves to the ms from there until its lines are painted. */
async function timeToOpen(page: Page): Promise<number> {
  await page.evaluate(() => {
    const painted = new Promise<number>((done) => {
      const pressed = (event: KeyboardEvent) => {
        if (event.key !== 'k') return;
        window.removeEventListener('keydown', pressed, true);
        const start = performance.now();
        const seen = new MutationObserver(() => {
          if (document.querySelector('[role="option"]') === null) return;
          seen.disconnect();
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now() - start);
          // What is posted before a frame is drawn comes after it.
          requestAnimationFrame(() => port2.postMessage(null));
        });
        seen.observe(document.body, { childList: true, subtree: true });
      };
      window.addEventListener('keydown', pressed, true);
    });
    Object.assign(window, { painted });
  });
  await page.keyboard.press('Control+k');
  return page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted);
}

test('the palette is there at once', async ({ page, fixture }) => {
  await open(page, fixture.url);
  // Its code is there once the page was idle.
  await expect(page.getByRole('region', { name: /^Notifications/ })).toBeAttached();
  const took: number[] = [];
  while (took.length < TRIES && !took.some((ms) => ms < PALETTE_MS)) {
    await settled(page);
    took.push(await timeToOpen(page));
    // All lines come, those below the first ones too.
    await expect(page.getByRole('option', { name: 'Keyboard help' })).toBeAttached();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  tell('Palette opens', took.map((ms) => `${ms.toFixed(0)} ms`).join(', '));
  expect(Math.min(...took)).toBeLessThan(PALETTE_MS);
});

test('what opens over the page leaves the page its styles', async ({ page, fixture, browser }) => {
  await open(page, fixture.url);
  await expect(page.getByRole('region', { name: /^Notifications/ })).toBeAttached();
  await settled(page);
  const all = await page.locator('*').count();
  /** Most elements that got a new style at once, from a key until what it opens is there. */
  const restyled = async (key: string): Promise<number> => {
    await browser.startTracing(page, { categories: ['devtools.timeline'] });
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const trace = JSON.parse(String(await browser.stopTracing())) as {
      traceEvents: { name: string; args: { elementCount?: number } }[];
    };
    return Math.max(...trace.traceEvents.map(({ args }) => args.elementCount ?? 0));
  };
  const most = { palette: await restyled('Control+k'), help: await restyled('?') };
  tell('Restyled', `palette ${most.palette}, help ${most.help} of ${all} elements`);
  expect(most.palette).toBeGreaterThan(0);
  expect(most.palette).toBeLessThan(all / 2);
  expect(most.help).toBeLessThan(all / 2);
});

interface Held {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What the page holds after a collection. */
async function held(cdp: CDPSession): Promise<Held> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return { heap: metric('JSHeapUsedSize'), nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
}

test('an hour of ticks leaves nothing behind', async ({ page, fixture }) => {
  test.setTimeout(180_000);
  await open(page, fixture.url);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.enable');
  const clock = page.getByText(/^since /);
  /** Waits until the page has shown all that was sent to it. */
  const pass = async (seconds: number): Promise<Held> => {
    await fixture.ticks(seconds);
    const text = await clock.textContent();
    await expect(clock).not.toHaveText(text ?? '', { timeout: 60_000 });
    await settled(page);
    return held(cdp);
  };
  // The page's range of five minutes is full, and its code as fast as it gets.
  const before = await pass(600);
  const after = await pass(3_600);
  const words = ({ heap, nodes, listeners }: Held) =>
    `${(heap / 1_048_576).toFixed(1)} MiB, ${nodes} nodes, ${listeners} listeners`;
  tell('Held', `${words(before)}; 3,600 ticks later ${words(after)}`);
  expect(after.listeners).toBeLessThanOrEqual(before.listeners * 1.05);
  expect(after.nodes).toBeLessThanOrEqual(before.nodes * 1.1);
  expect(after.heap).toBeLessThan(before.heap * 1.25);
});

test('nothing moves by itself where motion is to be reduced', async ({ page, fixture }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await fixture.scenario('sample');
  await open(page, fixture.url);
  const running = (): Promise<string[]> =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === 'running')
        .map(({ effect }) => (effect as KeyframeEffect | null)?.target?.outerHTML.slice(0, 120) ?? '?'),
    );
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  expect(await running()).toEqual([]);
  await page.keyboard.press('?');
  await expect(help).toHaveCSS('animation-name', 'none');
  expect(await running()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Now' }).getByRole('button').first().hover();
  await expect(page.getByRole('tooltip')).toBeVisible();
  expect(await running()).toEqual([]);
  await page.keyboard.press('t');
  expect(await running()).toEqual([]);
  // And elsewhere something would: the test can fail.
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.keyboard.press('?');
  await expect(help).not.toHaveCSS('animation-name', 'none');
});
