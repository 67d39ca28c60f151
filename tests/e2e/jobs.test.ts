import { expect, expectAccessible, open, test, ticks } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
});

test('nothing is said of jobs where there never was one, and nobody asks again', async ({ page, fixture }) => {
  await fixture.scenario('busy');
  const asked = page.waitForResponse(/\/api\/jobs/);
  await open(page, fixture.url);
  await asked;
  await expect(page.getByRole('button', { name: /^Jobs/ })).toHaveCount(0);
  // Longer than the time between two readings while something runs; a reading is two calls.
  await ticks(page, 4);
  expect((await fixture.calls()).filter((call) => call === 'GET /api/jobs')).toHaveLength(2);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('a running job shows how far it is, and is paused, resumed and cancelled', async ({ page, fixture }) => {
      await fixture.scenario('jobs');
      await open(page, fixture.url);
      await page.getByRole('button', { name: 'Jobs: 2 jobs' }).press('Enter');
      const list = page.getByRole('dialog', { name: 'Jobs' });
      const job = list.getByRole('listitem').filter({ hasText: 'Warm 4,120 URLs' });
      await expect(job).toContainText(/[\d.]+ of 4,120 URLs/);
      await expect(job).toContainText(/URLs\/s/);
      await expect(job).toContainText(/about \d+ (s|min) left/);
      await expect(list.getByRole('listitem').first()).toContainText('Warm 4,120 URLs');
      await expectAccessible(page);

      await job.getByRole('button', { name: /^Pause/ }).press('Enter');
      await expect(job).toContainText('Paused');
      await job.getByRole('button', { name: /^Resume/ }).press('Enter');
      await expect(job).toContainText('Running');
      await job.getByRole('button', { name: /^Cancel/ }).press('Enter');
      await expect(list.getByRole('region', { name: 'Ended' })).toContainText('Cancelled');
      await expect(list).toBeFocused();
      expect((await fixture.calls()).filter((call) => call.startsWith('POST'))).toEqual([
        'POST /api/jobs/warm-1/pause',
        'POST /api/jobs/warm-1/resume',
        'POST /api/jobs/warm-1/cancel',
      ]);
      await page.keyboard.press('Escape');
      await expect(list).toHaveCount(0);
      await expect(page.getByRole('button', { name: /^Jobs/ })).toBeFocused();
    });

    test('a failed job asks for attention until it was seen, and says why and where', async ({ page, fixture }) => {
      await fixture.scenario('job-failed');
      await page.setViewportSize({ width: 390, height: 844 });
      await open(page, fixture.url);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Jobs: 1 job failed' }).click();
      const list = page.getByRole('dialog', { name: 'Jobs' });
      await expect(list).toContainText('2 of 4 gateways didn’t confirm within 10 s.');
      const outcomes = list.getByRole('list', { name: 'Outcome on each worker' }).first();
      await expect(outcomes.getByRole('listitem').first()).toContainText('its clear log is full');
      await expect(outcomes.getByRole('listitem').nth(1)).toContainText('unconfirmed');
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: 'Jobs', exact: true }).click();
      await expect(list).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Jobs', exact: true })).toBeVisible();
    });
  });
}

test('a soft clear is undone once; a hard one can’t be', async ({ page, fixture }) => {
  await fixture.scenario('jobs');
  await open(page, fixture.url);
  await page.getByRole('button', { name: /^Jobs/ }).click();
  const ended = page.getByRole('dialog', { name: 'Jobs' }).getByRole('region', { name: 'Ended' });
  await expect(ended.getByRole('button', { name: /^Undo: Delete/ })).toHaveCount(0);
  await ended.getByRole('button', { name: 'Undo: Mark tag chat:42 stale' }).click();
  await expect(ended.getByRole('listitem').first()).toContainText('Undo: Mark tag chat:42 stale');
  await expect(ended.getByRole('button', { name: /^Undo/ })).toHaveCount(0);
  expect(await fixture.calls()).toContain('POST /api/cache/clear/clear-1/undo');
});

test('what a job refuses is said beside it', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/status of 409/);
  await fixture.scenario('jobs');
  await open(page, fixture.url);
  await page.getByRole('button', { name: /^Jobs/ }).click();
  await page.route('**/api/jobs/*/pause', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      json: { type: 'x', title: 'Not possible now', status: 409, detail: 'It has ended.', code: 'conflict' },
    }),
  );
  await page.getByRole('button', { name: /^Pause: Warm/ }).click();
  await expect(page.getByRole('dialog', { name: 'Jobs' }).getByRole('alert')).toHaveText('Pause failed. It has ended.');
});

test('jobs that nobody can read are another state than none', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/status of 503/);
  await fixture.scenario('jobs-away');
  await open(page, fixture.url);
  await page.getByRole('button', { name: 'Jobs' }).click();
  const list = page.getByRole('dialog', { name: 'Jobs' });
  await expect(list.getByRole('alert')).toContainText('Storage isn’t available');
  await expectAccessible(page);
  await list.getByRole('button', { name: 'Retry' }).click();
  await expect(list.getByRole('alert')).toContainText('Storage isn’t available');
  // An open list asks again by itself.
  await fixture.scenario('jobs');
  await expect(list).toContainText('Warm 4,120 URLs');
});
