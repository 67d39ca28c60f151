import { expect, expectAccessible, open, test } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('sample');
});

test('a sample is labelled and can be stopped; the strip closes for good, and comes back', async ({
  page,
  fixture,
}) => {
  await open(page, fixture.url);
  const banner = page.getByRole('region', { name: 'Sample' });
  const strip = page.getByRole('region', { name: 'Try it' });
  await expect(banner.getByText('SAMPLE', { exact: true })).toBeVisible();
  await banner.getByRole('button', { name: 'Stop traffic' }).click();
  await expect(banner.getByRole('button', { name: 'Start traffic' })).toBeVisible();
  await expect(banner.getByRole('button')).toHaveCount(1);

  await strip.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(strip).toHaveCount(0);
  await page.reload();
  await expect(banner.getByRole('button', { name: 'Use my service' })).toBeVisible();
  await expect(strip).toHaveCount(0);
  await banner.getByRole('button', { name: 'Try it' }).press('Enter');
  await expect(strip).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('four buttons tell the story, by keyboard', async ({ page, fixture }) => {
        await open(page, fixture.url);
        const strip = page.getByRole('region', { name: 'Try it' });
        await strip.getByRole('button', { name: 'Send 1,000 identical requests' }).press('Enter');
        await expect(strip.getByText('1,000 answered, 1 origin call').first()).toBeVisible();
        await expect(
          strip.getByText(/499 waited for a call that was under way, 500 came from the store/),
        ).toBeVisible();

        await strip.getByRole('button', { name: 'Break the origin for 20 s' }).press('Enter');
        await expect(strip.getByRole('progressbar')).toBeVisible();
        await expect(strip.getByRole('button', { name: 'Break the origin for 20 s' })).toBeDisabled();
        await expectAccessible(page);
        // A colleague, or the same person after a reload, sees it too.
        await page.reload();
        await expect(strip.getByText(/Breaker open, for \d+ s so far; served stale/).first()).toBeVisible();
        await strip.getByRole('button', { name: 'Stop now' }).press('Enter');
        await expect(
          strip.getByText(/^Breaker open for \d+ s; served stale \d+; failed \d+ \(never stored\)$/).first(),
        ).toBeVisible();
        await expect(strip.getByText(/Stopped early/)).toBeVisible();

        await strip.getByRole('button', { name: 'Mark chat:42 stale' }).press('Enter');
        await expect(strip.getByText('chat:42 is stale, confirmed by 2 of 2 workers').first()).toBeVisible();
        await expectAccessible(page);
        await strip.getByRole('button', { name: 'Undo' }).press('Enter');
        await expect(strip.getByText('chat:42 is fresh again').first()).toBeVisible();
        const posts = (await fixture.calls()).filter((call) => !call.startsWith('GET'));
        expect(posts).toEqual([
          'POST /api/sample/burst',
          'POST /api/sample/outage',
          'POST /api/sample/outage/stop',
          'POST /api/cache/clear',
          expect.stringMatching(/^POST \/api\/cache\/clear\/[^/]+\/undo$/),
        ]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      });
    });
  }
}

test('a button that fails says why', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/status of 503/);
  await open(page, fixture.url);
  await fixture.scenario('api-500');
  const strip = page.getByRole('region', { name: 'Try it' });
  await strip.getByRole('button', { name: 'Send 1,000 identical requests' }).click();
  await expect(strip.getByText('No worker answered within 900 ms.')).toBeVisible();
});
