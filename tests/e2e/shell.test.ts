import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoOverflow, open, test, ticks, typeIn } from './console';

const WIDTHS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

const field = (page: Page) => page.getByRole('combobox', { name: /^Find/ });

/** Fills in the clear dialog and sends it. */
async function clear(page: Page, kind: string, text: string) {
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Clear' });
  await dialog.getByRole('combobox', { name: 'What to clear' }).selectOption(kind);
  await typeIn(dialog.getByRole('textbox'), text);
  await dialog.getByRole('textbox').press('Enter');
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, viewport] of Object.entries(WIDTHS)) {
    test.describe(`${colorScheme}, ${width}`, () => {
      test.use({ colorScheme, viewport });

      test('palette, search, help, clear dialog, hint and toasts are accessible and fit', async ({
        page,
        fixture,
        expectedMessages,
      }) => {
        test.slow(); // axe looks seven times
        expectedMessages.push(/status of 503/);
        await fixture.scenario('failing');
        await open(page, fixture.url);
        await expectAccessible(page);

        await page.keyboard.press('Control+k');
        await expect(field(page)).toBeFocused();
        await expectAccessible(page);
        await typeIn(field(page), 'nothing is called so');
        await expect(page.getByText(/^Nothing found/)).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');

        await page.keyboard.press('/');
        await typeIn(field(page), 'tag:chat:42');
        await expect(page.getByRole('option', { name: /Clear tag chat:42…/ })).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');

        await page.keyboard.press('?');
        await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');

        await page.keyboard.press('g');
        await expect(page.getByRole('status').filter({ hasText: 'then' })).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');

        await clear(page, 'tag', 'refuse');
        const dialog = page.getByRole('dialog', { name: 'Clear' });
        await expect(dialog.getByRole('alert').last()).toContainText('Nothing was cleared');
        await expectAccessible(page);
        await typeIn(dialog.getByRole('textbox'), 'chat:42');
        await dialog.getByRole('textbox').press('Enter');
        await expect(page.getByRole('region', { name: /^Notifications/ }).getByRole('listitem')).toHaveCount(1);
        await expectAccessible(page);
        await expectNoOverflow(page);
      });
    });
  }
}

test.describe('frame', () => {
  test('names the environment in the bar and the title', async ({ page, fixture }) => {
    await fixture.scenario('failing');
    await open(page, fixture.url);
    await expect(page.getByRole('banner').getByTitle('Environment: production-eu').last()).toBeVisible();
    await expect(page).toHaveTitle('Failing · production-eu · Pitwall');
  });

  test('`g` waits for a letter, and says which there are', async ({ page, fixture }) => {
    await open(page, `${fixture.url}/?from=now-15m&to=now`);
    await page.keyboard.press('g');
    await expect(page.getByRole('status').filter({ hasText: 'then' })).toContainText('Performance');
    await page.keyboard.press('p');
    await expect(page.getByRole('status').filter({ hasText: 'then' })).toHaveCount(0);
    await expect(page).toHaveURL(/from=now-15m/);
    await expect(page.getByText('Paused', { exact: true })).toHaveCount(0);
  });

  test('pages are a key away, and a place found there leads back to the first', async ({ page, fixture }) => {
    await open(page, `${fixture.url}/?from=now-15m&to=now`);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect(page).toHaveURL(/\/docs\/api\?from=now-15m&to=now$/);
    await expect(page).toHaveTitle('API reference · local · Pitwall');
    await expect(page.getByRole('link', { name: 'API reference' }).first()).toHaveAttribute('aria-current', 'page');
    await page.keyboard.press('/');
    await typeIn(page.getByRole('combobox', { name: 'Find' }), 'search service');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/\?service=search&from=now-15m/);
    await expect(page.getByRole('combobox', { name: 'Service' })).toHaveValue('search');
  });

  test('plain keys can be turned off in the help, for good', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.keyboard.press('?');
    const plain = page.getByRole('checkbox', { name: /^Plain keys/ });
    await plain.uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.reload();
    await page.keyboard.press('p');
    await ticks(page, 1);
    await expect(page.getByText('Paused', { exact: true })).toHaveCount(0);
    await page.keyboard.press('Control+k');
    await expect(field(page)).toBeFocused();
  });

  test('on a phone two rows hold it all, and the menu what has no room', async ({ page, fixture }) => {
    await page.setViewportSize(WIDTHS.phone);
    await fixture.scenario('job-failed');
    await open(page, fixture.url);
    await expect(page.getByRole('button', { name: /^Jobs/ })).toBeVisible();
    expect((await page.getByRole('banner').boundingBox())!.height).toBeLessThanOrEqual(97);
    await expectNoOverflow(page);
    await page.getByRole('button', { name: /Menu$/ }).click();
    const menu = page.getByRole('dialog', { name: 'Menu' });
    await expect(menu.getByRole('link', { name: 'Performance' })).toHaveAttribute('aria-current', 'page');
    await expectAccessible(page);
    await menu.getByRole('button', { name: /^Theme/ }).click();
    await page.getByRole('button', { name: /Menu$/ }).click();
    await menu.getByRole('button', { name: 'Find or do anything' }).click();
    await expect(field(page)).toBeFocused();
  });

  test('runs no script and takes no style that wasn’t written for this answer', async ({
    page,
    fixture,
    expectedMessages,
  }) => {
    // Firefox has words of its own.
    expectedMessages.push(/Content Security Policy|blocked an (inline|event)/);
    await open(page, fixture.url);
    await page.evaluate(() => {
      const put = (tag: 'script' | 'style', text: string): HTMLElement =>
        document.head.appendChild(Object.assign(document.createElement(tag), { textContent: text, nonce: 'guessed' }));
      put('script', 'document.body.dataset.ran = "script"');
      put('style', 'body { outline: 7px solid red }');
      const link = document.body.appendChild(document.createElement('a'));
      link.setAttribute('onclick', 'document.body.dataset.ran = "attribute"');
      link.click();
    });
    await expect(page.locator('body')).not.toHaveAttribute('data-ran');
    await expect(page.locator('body')).not.toHaveCSS('outline-width', '7px');
  });

  test('opened while the server is away, it says so, and comes by itself or on Retry', async ({
    page,
    fixture,
    expectedMessages,
  }) => {
    expectedMessages.push(/WebSocket|ws:\/\/|ERR_|400/);
    await fixture.socket('off');
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(fixture.url);
    await expect(page.getByRole('heading', { name: 'Pitwall doesn’t answer' })).toBeVisible();
    await expectAccessible(page);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.getByTestId('plot').first()).toBeVisible();
  });
});
