import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { startFixture, type Fixture } from '../support/fixture-process';

/** Counts, in the page, the ticks that its sockets receive: not every browser's driver tells of frames. */
function countTicks(): void {
  const counted = window as unknown as { ticks: number };
  counted.ticks = 0;
  window.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (String(data).includes('["tick"')) counted.ticks += 1;
      });
    }
  };
}

/** What Chromium writes when the machine is slow, whatever the page is: a font or a script comes late. */
const SLOW_MACHINE = [
  /was preloaded using link preload but not used within/,
  /\[Intervention\] Slow network is detected/,
];

interface Tests {
  /** Console messages that a test expects; any other fails it. */
  readonly expectedMessages: RegExp[];
  readonly quiet: void;
}

interface PerWorker {
  readonly fixture: Fixture;
  /** Pages compiled on demand, those of development among them, instead of the build. */
  readonly dev: boolean;
}

export const test = base.extend<Tests, PerWorker>({
  dev: [false, { option: true, scope: 'worker' }],
  fixture: [
    async ({ dev }, use) => {
      const fixture = await startFixture({ dev });
      await use(fixture);
      await fixture.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  // eslint's empty pattern is Playwright's way to say "needs nothing".
  expectedMessages: async ({ browserName: _browser }, use) => {
    await use([]);
  },
  quiet: [
    async ({ page, expectedMessages }, use) => {
      const seen: string[] = [];
      page.on('console', (message) => {
        // "Failed to load resource" doesn't say which.
        const path = URL.parse(message.location().url)?.pathname ?? '';
        seen.push(`${message.type()}: ${message.text()} ${path}`.trimEnd());
      });
      await page.addInitScript(countTicks);
      page.on('pageerror', (error) => seen.push(`page error: ${error.message}`));
      await use();
      const expected = [...SLOW_MACHINE, ...expectedMessages];
      const unexpected = seen.filter((line) => !expected.some((pattern) => pattern.test(line)));
      expect(unexpected, 'the browser’s console stays quiet').toEqual([]);
    },
    { auto: true },
  ],
});

/** No violation of WCAG 2.2 A and AA that axe can see. @param except rules that don't hold for this page */
export async function expectAccessible(page: Page, except: readonly string[] = []): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // No frames here: no blank page to put results together in. Nor is what passes asked for. A quarter of the time.
    .setLegacyMode()
    .options({ resultTypes: ['violations'], preload: false })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // An open dialog hides the page, and its heading with it.
    .disableRules(['page-has-heading-one', ...except])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}

/** Types over what is in a field, key by key, as people do: Firefox's driver can't tell React of text put in as a whole. */
export async function typeIn(field: Locator, text: string): Promise<void> {
  await field.press('ControlOrMeta+a');
  await field.press('Backspace');
  await field.pressSequentially(text);
}

/** Waits until nothing of the page is wider than its window: there is no scrolling sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
    .toBeLessThanOrEqual(0);
}

/** Waits until so many more ticks have come over the page's socket. */
export async function ticks(page: Page, count: number): Promise<void> {
  const received = (): Promise<number> => page.evaluate(() => (window as unknown as { ticks: number }).ticks);
  const before = await received();
  await expect.poll(received, { intervals: [100] }).toBeGreaterThanOrEqual(before + count);
}

/** The page with its charts drawn. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByTestId('plot').first()).toBeVisible();
}

export { expect };
