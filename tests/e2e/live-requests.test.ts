import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoOverflow, open, test, typeIn } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

const grid = (page: Page) => page.getByRole('grid', { name: 'Live requests' });
/** The lines, without the heads. */
const lines = (page: Page) => grid(page).locator('[role="row"][aria-selected]');
const resume = (page: Page) => page.getByRole('button', { name: /^Resume/ });
const openTail = async (page: Page, url: string, query = '') => {
  await open(page, `${url}/?tab=requests${query}`);
  await expect(lines(page).nth(10)).toBeVisible();
};

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('shows requests as they come, accessible at a desk and on a phone, also opened', async ({ page, fixture }) => {
      test.slow();
      await openTail(page, fixture.url);
      await expect(grid(page).getByRole('columnheader', { name: 'Client' })).toBeVisible();
      await expectAccessible(page);
      // Under the pointer they stand still.
      await grid(page).hover();
      await expect(resume(page)).toBeVisible();
      await lines(page).filter({ hasText: 'Origin' }).last().getByRole('gridcell').nth(5).click();
      const detail = page.getByRole('complementary', { name: 'Request' });
      await expect(detail).toContainText('Answered by the origin.');
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect(grid(page).getByRole('columnheader', { name: 'Client' })).toBeHidden();
      await expectAccessible(page);
      await expectNoOverflow(page);
    });
  });
}

test('the tab opens from the page, and its stream ends with it', async ({ page, fixture }) => {
  await open(page, fixture.url);
  await page.getByRole('tab', { name: 'Live requests' }).click();
  await expect(page).toHaveURL(/tab=requests/);
  await expect(lines(page).first()).toBeVisible();
  await page.getByRole('tab', { name: /^Routes/ }).click();
  await expect(page.getByRole('region', { name: 'Routes', exact: true })).toBeVisible();
  await expect.poll(async () => (await fixture.calls()).at(-1)).toBe('untail');
});

test('a cell narrows it, chips take that back, and a link shows a colleague the same', async ({
  page,
  fixture,
  context,
}) => {
  await openTail(page, fixture.url);
  await page.getByRole('button', { name: '4xx' }).click();
  await expect(page).toHaveURL(/tail-statuses=4xx/);
  await expect(lines(page).first()).toContainText('404');
  await grid(page).hover();
  await expect(resume(page)).toBeVisible();
  await lines(page).first().getByRole('gridcell').nth(6).click();
  const chip = page.getByRole('button', { name: /^Remove route / });
  await expect(chip).toBeVisible();
  expect((await fixture.calls()).filter((call) => call.startsWith('tail')).at(-1)).toContain('"statuses":["4xx"]');

  const colleague = await context.newPage();
  await colleague.goto(page.url());
  await expect(colleague.getByRole('button', { name: /^Remove route / })).toBeVisible();
  await expect(colleague.getByRole('button', { name: '4xx' })).toHaveAttribute('aria-pressed', 'true');
  await colleague.close();

  await chip.click();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(page).toHaveURL(/tab=requests$/);
});

test('text, what nothing passes, and a filter that is refused', async ({ page, fixture }) => {
  await openTail(page, fixture.url);
  const field = page.getByRole('searchbox', { name: 'Path contains' });
  await typeIn(field, 'no such path');
  await expect(page.getByText('No request has passed this filter yet.')).toBeVisible();
  await typeIn(field, 'refuse');
  await expect(page.getByRole('alert').filter({ hasText: 'different filters' })).toBeVisible();
  await expectAccessible(page);
  await typeIn(field, 'API/ME');
  await expect(lines(page).first()).toContainText('/api/me');
  await expect(page.getByRole('alert').filter({ hasText: 'different filters' })).toHaveCount(0);
});

test('stands still under the pointer, when scrolled and when paused, and says what is new', async ({
  page,
  fixture,
}) => {
  await openTail(page, fixture.url);
  const first = await lines(page).first().textContent();
  await grid(page).hover();
  await expect(resume(page)).toHaveText(/Resume · \d+ new/);
  await page.mouse.move(5, 5);
  await expect(page.getByRole('button', { name: 'Pause lines' })).toBeVisible();
  await expect.poll(() => grid(page).evaluate((box) => box.scrollHeight > box.clientHeight + 200)).toBe(true);
  await expect(lines(page).first()).not.toHaveText(first ?? '');

  await grid(page).hover();
  const top = await grid(page).evaluate((box) => box.scrollTop);
  await page.mouse.wheel(0, -300);
  await expect.poll(() => grid(page).evaluate((box) => box.scrollTop)).toBeLessThan(top);
  await page.mouse.move(5, 5);
  await expect(resume(page)).toHaveText(/\d+ new/);
  await resume(page).click();
  await expect
    .poll(() => grid(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
    .toBeLessThan(2);

  await page.getByRole('button', { name: 'Pause lines' }).click();
  await expect(resume(page)).toHaveText(/\d+ new/);
  await resume(page).click();
  await expect(page.getByRole('button', { name: 'Pause lines' })).toBeVisible();
  // The page's own pause holds them too, and going on lets all of it go on.
  await page.keyboard.press('p');
  await expect(resume(page)).toBeVisible();
  await resume(page).click();
  await expect(page).not.toHaveURL(/live=off/);
});

test('works by keyboard: arrows move, Enter opens, Escape closes and goes on', async ({ page, fixture }) => {
  await openTail(page, fixture.url);
  await grid(page).focus();
  await page.keyboard.press('ArrowUp');
  await expect(resume(page)).toBeVisible();
  const selected = grid(page).getByRole('row', { selected: true });
  const number = async () => Number((await selected.getAttribute('aria-rowindex')) ?? 0);
  const newest = await number();
  await page.keyboard.press('ArrowUp');
  await expect.poll(number).toBe(newest - 1);
  await page.keyboard.press('Home');
  await expect.poll(number).toBe(2);
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', /^request-\d+$/);
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Request' });
  await expect(detail).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(detail).toHaveCount(0);
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect.poll(number).toBe(3);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Pause lines' })).toBeVisible();
});

test('2,000 lines a second: few rows are drawn, 5,000 are kept, and what is left out is said', async ({
  page,
  fixture,
}) => {
  await fixture.scenario('flood');
  await openTail(page, fixture.url);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '5001', { timeout: 15_000 });
  expect(await lines(page).count()).toBeLessThan(50);
  await expect(page.getByText(/\d+ lines left out/)).toBeVisible();
  await expect
    .poll(() => grid(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
    .toBeLessThan(2);
});
