import { expect, expectAccessible, expectNoOverflow, open, test } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.scenario('busy');
  await fixture.socket('on');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('a route says why its requests miss, which keys they are, and by which policy', async ({ page, fixture }) => {
      await open(page, fixture.url);
      await page.getByRole('link', { name: 'search /api/legacy/*' }).press('Enter');
      const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' });
      await expect(crumbs.getByRole('link')).toHaveText(['All services', 'search', '/api/legacy/*']);
      // The focus is where the new subject begins.
      await expect(page.locator('#content')).toBeFocused();
      await expect(page.getByRole('region', { name: 'Most asked keys' }).getByRole('row')).toHaveCount(11);
      await expect(page.getByRole('region', { name: 'Most missed keys' })).toContainText('/api/legacy/file-0');
      const policy = page.getByRole('region', { name: 'Policy' });
      await expect(policy).toContainText('Unsafe');
      await expect(policy).toContainText('ignore: ["cookie", "set-cookie"]');
      await expect(page.getByRole('tab', { name: 'Route' })).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectAccessible(page);
      await expectNoOverflow(page);
    });
  });
}

test('a reason is opened, told with its remedy, and left again by Back', async ({ page, fixture }) => {
  await open(page, `${fixture.url}/?service=chat&route=%2Fapi%2Fme`);
  await page
    .getByRole('region', { name: 'Why requests miss' })
    .getByRole('link', { name: 'Set-Cookie' })
    .press('Enter');
  await expect(page).toHaveURL(/reason=set-cookie/);
  const reason = page.getByRole('region', { name: 'Misses: Set-Cookie' });
  await expect(reason).toContainText('Don’t set cookies on shared answers.');
  await expect(reason.getByRole('region', { name: 'Keys missed: Set-Cookie' }).getByRole('row')).toHaveCount(11);
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('Set-Cookie');
  await expectAccessible(page);
  await page.goBack();
  await expect(reason).toBeHidden();
  await page.getByRole('link', { name: 'All services' }).click();
  await expect(page.getByRole('table').last().getByRole('link', { name: 'chat /api/me' })).toBeVisible();
  await expect(page).toHaveURL(`${fixture.url}/`);
});

test('a reason is picked from the chart’s legend, for all services', async ({ page, fixture }) => {
  await open(page, fixture.url);
  await page.getByRole('region', { name: 'Misses by reason' }).getByRole('button', { name: 'expired' }).press('Enter');
  await expect(page.getByRole('region', { name: 'Misses: expired' })).toContainText('% of misses in this range');
  await page.getByRole('button', { name: 'Close this reason' }).click();
  await expect(page.getByRole('region', { name: 'Misses: expired' })).toBeHidden();
});

test('a route opens in another tab by its address, and one that nobody serves says so', async ({
  page,
  fixture,
  context,
}) => {
  await open(page, fixture.url);
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'chat /api/search' }).click({ modifiers: ['ControlOrMeta'] }),
  ]);
  await expect(tab.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('/api/search');
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toHaveCount(0);
});
