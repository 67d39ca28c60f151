import { expect, expectAccessible, expectNoOverflow, open, test, ticks, typeIn } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.scenario('busy');
  await fixture.socket('on');
});

const FIXED = /[?&]from=\d{4}-\d\d-\d\dT[^&]+Z&to=[^&]+Z/;

test('dragging over any chart zooms all, Escape gives it up, and Back undoes it', async ({ page, fixture }) => {
  await open(page, fixture.url);
  const box = (await page.getByTestId('plot').nth(3).boundingBox())!;
  const [y, left, right] = [box.y + box.height / 2, box.x + box.width * 0.3, box.x + box.width * 0.6];
  await page.mouse.move(left, y);
  await page.mouse.down();
  await page.mouse.move(right, y, { steps: 5 });
  // Every chart shows what is marked out.
  await expect(page.getByTestId('band')).toHaveCount(5);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('band')).toHaveCount(0);
  await page.mouse.up();
  expect(page.url()).not.toMatch(FIXED);

  await page.mouse.move(left, y);
  await page.mouse.down();
  await page.mouse.move(right, y, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(FIXED);
  await expect(page.getByText('Fixed', { exact: true })).toBeVisible();
  const { searchParams } = new URL(page.url());
  const seconds = (Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!)) / 1_000;
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(150);
  await page.goBack();
  await expect(page.getByText('Fixed', { exact: true })).toBeHidden();
  expect(page.url()).not.toMatch(FIXED);

  // Where something changed is where one would begin.
  const mark = (await page.getByRole('group', { name: 'Changes' }).first().getByRole('button').first().boundingBox())!;
  await page.mouse.move(mark.x + mark.width / 2, mark.y + mark.height / 2);
  await page.mouse.down();
  await page.mouse.move(mark.x + mark.width / 2 + 60, mark.y + mark.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(FIXED);
});

test('a fixed window stands still, shifts, zooms out, and goes on with now', async ({ page, fixture }) => {
  await open(page, fixture.url);
  const answered = page.waitForResponse(/overview\?.*&from=/);
  await page.keyboard.press('[');
  await expect(page).toHaveURL(FIXED);
  await answered;
  const words = page
    .getByRole('group', { name: 'Time', exact: true })
    .getByRole('button', { name: /\d\d:\d\d:\d\d – / });
  await expect(words).toContainText('5 min');
  // What is known is drawn before the next tick but one.
  await ticks(page, 2);
  const drawn = await page.locator('[data-series=l1]').getAttribute('d');
  await ticks(page, 2);
  expect(await page.locator('[data-series=l1]').getAttribute('d')).toBe(drawn);
  await page.keyboard.press('z');
  await expect(words).toContainText('10 min');
  await page.keyboard.press('[');
  await page.keyboard.press(']');
  await expect(words).toContainText('10 min');
  await page.keyboard.press('p');
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Last 15 min' })).toBeChecked();
});

test('a window is typed, says what is wrong with it, and a colleague with its address sees the same', async ({
  page,
  fixture,
  browser,
}) => {
  await open(page, fixture.url);
  await page.getByRole('button', { name: 'Custom…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Time window' });
  await typeIn(dialog.getByRole('textbox', { name: 'From' }), 'soon');
  await dialog.getByRole('button', { name: 'Show' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Type now-20m');
  await expectAccessible(page);
  await typeIn(dialog.getByRole('textbox', { name: 'From' }), 'now-20m');
  await typeIn(dialog.getByRole('textbox', { name: 'To' }), 'now-14m');
  await dialog.getByRole('button', { name: 'Show' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(FIXED);
  await expect(page.getByText('Fixed', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'chat /api/search' }).click();
  await page.getByRole('link', { name: 'no Cache-Control' }).first().click();
  await expect(page.getByRole('region', { name: 'Misses: no Cache-Control' })).toBeVisible();

  const colleague = await browser.newContext();
  const other = await colleague.newPage();
  await open(other, page.url());
  await expect(other.getByRole('region', { name: 'Misses: no Cache-Control' })).toBeVisible();
  const told = page.getByRole('button', { name: /\d\d:\d\d:\d\d – / });
  await expect(other.getByRole('button', { name: /\d\d:\d\d:\d\d – / })).toHaveText((await told.textContent())!);
  const tile = (of: typeof page) => of.getByRole('region', { name: 'Now' }).getByRole('button').first();
  expect(await tile(other).textContent()).toBe(await tile(page).textContent());
  await colleague.close();
});

test('a drag by touch zooms too', async ({ fixture, browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await open(page, fixture.url);
  const chart = page.getByTestId('plot').first();
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  const y = box.y + box.height / 2;
  const session = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y }] });
  await touch('touchStart', box.x + box.width * 0.3);
  for (const share of [0.35, 0.4, 0.5, 0.6]) await touch('touchMove', box.x + box.width * share);
  await touch('touchEnd');
  await expect(page).toHaveURL(FIXED);
  await expectAccessible(page);
  await expectNoOverflow(page);
  await context.close();
});

test('changes are marks on the charts: reached by keyboard, chosen, and told', async ({ page, fixture }) => {
  await fixture.scenario('failing');
  await open(page, fixture.url);
  const marks = page.getByRole('group', { name: 'Changes' });
  await expect(marks).toHaveCount(1);
  const newest = marks.getByRole('button', { name: /Mark tag chat:42 stale/ });
  await newest.focus();
  await newest.press('ArrowLeft');
  const focused = page.locator(':focus');
  await expect(focused).not.toHaveAccessibleName(/Mark tag chat:42 stale/);
  await focused.press('ArrowRight');
  await newest.press('Enter');
  await expect(newest).toHaveAttribute('aria-pressed', 'true');
  const changed = page.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('button', { name: /Mark tag chat:42 stale/, expanded: true })).toBeVisible();
  await expectAccessible(page);
});
