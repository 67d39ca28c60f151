import { expect, expectAccessible, expectNoOverflow, open, test } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('is accessible at a desk and on a phone, in good times and bad', async ({ page, fixture }) => {
      await fixture.scenario('failing');
      await open(page, fixture.url);
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await expect(page.getByRole('heading', { name: 'Failing' })).toBeVisible();
      await expect(page.getByText('Breaker open', { exact: true })).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectAccessible(page);
      await expectNoOverflow(page);
    });

    test('loading, nothing yet, and failed are three different states', async ({ page, fixture, expectedMessages }) => {
      expectedMessages.push(/status of 503/);
      await fixture.scenario('slow');
      await page.goto(fixture.url);
      await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
      await expectAccessible(page);

      await fixture.scenario('empty');
      await page.reload();
      await expect(page.getByRole('heading', { name: 'No requests in the last 5 min' })).toBeVisible();
      await expect(page.getByText('curl -i http://127.0.0.1:8080/', { exact: true })).toBeVisible();
      await expectAccessible(page);

      await fixture.scenario('api-500');
      await page.reload();
      await expect(page.getByRole('heading', { name: 'The gateway doesn’t answer' })).toBeVisible();
      await expect(page.getByText(/gateway_unavailable · request/)).toBeVisible();
      await expectAccessible(page);
      await fixture.scenario('busy');
      await page.getByRole('button', { name: 'Retry' }).click();
      await expect(page.getByTestId('plot').first()).toBeVisible();
    });
  });
}

test('a dropped socket says so, greys what is old, and recovers by itself', async ({
  page,
  fixture,
  expectedMessages,
}) => {
  expectedMessages.push(/WebSocket|ERR_|400|ws:\/\//);
  await open(page, fixture.url);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await fixture.socket('off');
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(
    /What you see is from \d\d:\d\d:\d\d, \d+ s ago/,
  );
  await expect(page.getByText('Offline', { exact: true })).toBeVisible();
  await expect(page.getByRole('main')).toHaveCSS('filter', 'grayscale(1)');
  await expectAccessible(page);
  await fixture.socket('on');
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('region', { name: 'Connection' })).toHaveCount(0);
});

test('observing says what would have been saved', async ({ page, fixture }) => {
  await fixture.scenario('observe');
  await open(page, fixture.url);
  await expect(page.getByText('Origin calls that would have been saved')).toBeVisible();
  await expect(page.getByText(/would reach origin/)).toBeVisible();
  await expect(page.getByText('Only observed').first()).toBeVisible();
});

test('a refused configuration is said loudly', async ({ page, fixture }) => {
  await fixture.scenario('config-error');
  await open(page, fixture.url);
  await expect(page.getByRole('region', { name: 'Configuration refused' })).toContainText('pitwall.yaml:14:9');
  await expectAccessible(page);
});

test('a gap in what is known is a gap in the charts', async ({ page, fixture }) => {
  await fixture.scenario('gap');
  await open(page, fixture.url);
  const path = await page.locator('[data-series=originCalls]').getAttribute('d');
  expect(path?.match(/M/g)?.length ?? 0).toBeGreaterThan(1);
});

test('the theme is remembered and set before the first paint', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/ERR_FAILED/); // no script loads, on purpose
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, fixture.url);
  await page.keyboard.press('t');
  await page.keyboard.press('t');
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await page.route('**/*.js', (route) => route.abort());
  await page.goto(fixture.url, { waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('everything works without a mouse', async ({ page, fixture }) => {
  await open(page, fixture.url);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/from=now-1m/);
});
