import type { Page } from '@playwright/test';
import { expect, open, test, typeIn } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

const field = (page: Page) => page.getByRole('combobox', { name: /^Find/ });

/** The notifications that are shown. */
const notes = (page: Page) => page.getByRole('region', { name: /^Notifications/ }).getByRole('listitem');

/** Fills in the clear dialog and sends it. */
async function clear(page: Page, kind: string, text: string) {
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Clear' });
  await dialog.getByRole('combobox', { name: 'What to clear' }).selectOption(kind);
  await typeIn(dialog.getByRole('textbox'), text);
  await dialog.getByRole('textbox').press('Enter');
}

test.describe('palette', () => {
  test('holds the focus and the page behind it', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.keyboard.press('Control+k');
    await expect(field(page)).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await expect(field(page)).toBeFocused();
    await page.locator('#content').evaluate((main) => (main as HTMLElement).focus({ preventScroll: true }));
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
    await page.mouse.move(20, 700);
    await page.mouse.wheel(0, 400);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const scrolled = () => page.evaluate(() => window.scrollY);
    expect(await scrolled()).toBe(0);
    await page.keyboard.press('Control+k');
    await expect(field(page)).toBeFocused();
    await page.mouse.click(20, 700);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.mouse.wheel(0, 400);
    await expect.poll(scrolled).toBeGreaterThan(0);
  });

  test('runs by keyboard, and remembers what was used', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.keyboard.press('Control+k');
    await typeIn(field(page), '15');
    await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/from=now-15m/);
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await page.keyboard.press('Control+k');
    await expect(page.getByRole('group', { name: 'Recent' }).getByRole('option')).toContainText(['last 15 min']);
    const first = await field(page).getAttribute('aria-activedescendant');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('option').last()).toBeInViewport();
    await page.keyboard.press('ArrowDown');
    await expect(field(page)).toHaveAttribute('aria-activedescendant', first ?? '');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('jumps to a service and a route, changes theme and time, and gives the focus back', async ({
    page,
    fixture,
  }) => {
    await open(page, fixture.url);
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.focus();
    const run = async (text: string) => {
      await page.keyboard.press('Control+k');
      await typeIn(field(page), text);
      await page.keyboard.press('Enter');
    };
    await run('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(pause).toBeFocused();
    await run('pause');
    await expect(page.getByText('Paused', { exact: true })).toBeVisible();
    await run('search service');
    await expect(page).toHaveURL(/service=search/);
    await run('All services');
    await expect(page).not.toHaveURL(/service=/);
    await run('/api/me');
    await expect(page).toHaveURL(/api%2Fme/);
    await run('>keyboard');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  });

  test('switches the mode, and the toast undoes it', async ({ page, fixture }) => {
    await open(page, `${fixture.url}/?service=chat`);
    await page.keyboard.press('Control+k');
    await typeIn(field(page), 'switch mode');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Switch mode' });
    await typeIn(dialog.getByRole('textbox', { name: /Reason/ }), 'Comparing');
    await page.keyboard.press('Enter');
    const toast = notes(page).filter({ hasText: 'chat is in mode observe' });
    await expect(page.getByRole('button', { name: /Mode Observe/ })).toBeVisible();
    await page.keyboard.press('F8');
    await toast.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect(notes(page).filter({ hasText: 'chat is in mode cache again' })).toBeVisible();
    await expect(page.getByRole('button', { name: /Mode Cache/ })).toBeVisible();
  });
});

test.describe('search', () => {
  test('finds the URLs that were asked for most, and Enter offers to clear one', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.getByRole('button', { name: /^Find/ }).click();
    await typeIn(field(page), 'history 46');
    await expect(page.getByRole('option').first()).toContainText('/api/chats/46/history');
    await expect(page.getByRole('option', { name: /Copy link/ })).toHaveCount(0);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Clear' });
    await expect(dialog.getByRole('textbox', { name: 'URL' })).toHaveValue(/\/api\/chats\/46\/history$/);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^Find/ })).toBeFocused();
    expect((await fixture.calls()).filter((call) => call.includes('clear'))).toEqual([]);
  });

  test('says when the URLs can’t be read, and finds the rest', async ({ page, fixture, expectedMessages }) => {
    expectedMessages.push(/status of 503/);
    await page.route('**/api/cache/keys*', (route) =>
      route.fulfill({
        status: 503,
        json: { type: 'a', title: 'No', status: 503, detail: 'No gateway worker answers at the moment.', code: 'x' },
      }),
    );
    await open(page, fixture.url);
    await page.keyboard.press('/');
    await expect(page.getByText(/can’t be searched now: No gateway worker/)).toBeVisible();
    await typeIn(field(page), 'feed');
    await expect(page.getByRole('option').first()).toContainText('/api/feed');
  });
});

test.describe('clear', () => {
  test('a tag is marked stale by one press, and undone from the toast', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await clear(page, 'tag', 'chat:42');
    const toast = notes(page).filter({ hasText: 'tag chat:42' });
    await expect(toast).toContainText('Marked stale');
    await expect(page.getByRole('button', { name: 'Jobs' })).toBeVisible();
    await toast.getByRole('button', { name: 'Undo' }).click();
    await expect(notes(page).filter({ hasText: 'Undone' })).toContainText('Fresh again: tag chat:42');
    expect((await fixture.calls()).filter((call) => call.startsWith('POST'))).toEqual([
      'POST /api/cache/clear',
      expect.stringMatching(/^POST \/api\/cache\/clear\/[^/]+\/undo$/),
    ]);
  });

  test('deleting asks twice, and editing voids the first press', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Clear' });
    await expect(dialog.getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('Give a whole URL');
    await typeIn(dialog.getByRole('textbox'), 'http://shop.example/a');
    await dialog.getByRole('radio', { name: /^Delete/ }).check();
    await dialog.getByRole('button', { name: 'Delete…' }).press('Enter');
    await expect(dialog.getByRole('button', { name: 'Delete? Press again' })).toBeVisible();
    await typeIn(dialog.getByRole('textbox'), 'http://shop.example/b');
    await dialog.getByRole('button', { name: 'Delete…' }).press('Enter');
    expect(await fixture.calls()).not.toContain('POST /api/cache/clear');
    await dialog.getByRole('button', { name: 'Delete? Press again' }).press('Enter');
    const toast = notes(page).filter({ hasText: 'Deleted' });
    await expect(toast).toContainText('http://shop.example/b');
    await expect(toast.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  });

  test('everything takes the environment’s name', async ({ page, fixture }) => {
    await fixture.scenario('failing');
    await open(page, fixture.url);
    await clear(page, 'all', 'production');
    const dialog = page.getByRole('dialog', { name: 'Clear' });
    await expect(dialog.getByRole('alert')).toContainText('Type production-eu to clear everything.');
    await typeIn(dialog.getByRole('textbox'), 'production-eu');
    await page.keyboard.press('Enter');
    await expect(notes(page).filter({ hasText: 'everything' })).toContainText('Marked stale');
  });
});
