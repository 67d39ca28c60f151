import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoOverflow, open, test, typeIn } from './console';

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

/** On a phone the banner is one line, and what can be tried behind it. */
async function unfold(page: Page): Promise<void> {
  const more = page.getByRole('region', { name: 'Sample' }).getByRole('button', { name: 'More' });
  if (await more.isVisible()) await more.press('Enter');
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the sample takes one line, until somebody wants more', async ({ page, fixture }) => {
    await open(page, fixture.url);
    const banner = page.getByRole('region', { name: 'Sample' });
    const strip = page.getByRole('region', { name: 'Try it' });
    expect((await banner.boundingBox())?.height).toBeLessThanOrEqual(48);
    await expect(strip).toBeHidden();
    await unfold(page);
    await expect(strip).toBeVisible();
    await expect(banner.getByRole('button', { name: 'Stop traffic' })).toBeVisible();
    await banner.getByRole('button', { name: 'Less' }).press('Enter');
    await expect(strip).toBeHidden();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('four buttons tell the story, by keyboard', async ({ page, fixture }) => {
        await open(page, fixture.url);
        await unfold(page);
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
        await expect(page.getByRole('region', { name: 'Sample' })).toBeVisible();
        await unfold(page);
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
        await expectNoOverflow(page);
      });
    });
  }
}

test('a button that fails says why', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/status of 503/);
  await open(page, fixture.url);
  const detail = 'No worker answered within 900 ms.';
  const problem = { type: 'about:blank', title: 'The gateway doesn’t answer', status: 503, code: 'x', detail };
  await page.route('**/api/sample/burst', (route) => route.fulfill({ status: 503, json: problem }));
  const strip = page.getByRole('region', { name: 'Try it' });
  await strip.getByRole('button', { name: 'Send 1,000 identical requests' }).click();
  await expect(strip.getByRole('alert')).toHaveText(`The gateway doesn’t answer. ${detail}`);
  await expectAccessible(page);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`use my service, ${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('leads from a URL to what would be saved, to a file, and back, by keyboard', async ({ page, fixture }) => {
        await open(page, fixture.url);
        await unfold(page);
        const opener = page.getByRole('region', { name: 'Try it' }).getByRole('button', { name: 'Use my service' });
        await opener.press('Enter');
        const dialog = page.getByRole('dialog', { name: 'Use my service' });
        await expect(dialog).toBeVisible();
        await expect(dialog.getByText('npm run replay -- access.log.gz --simulate')).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        await expect(opener).toBeFocused();
        await opener.press('Enter');

        const url = dialog.getByRole('textbox', { name: 'URL of your service' });
        await typeIn(url, 'http://127.0.0.1:1');
        await url.press('Enter');
        await expect(dialog.getByText('Nothing listens on port 1 of 127.0.0.1.')).toBeVisible();
        await expect(dialog.getByText('Start the service, or correct the port.')).toBeVisible();
        await typeIn(url, 'https://shop.example');
        await expect(dialog.getByText(/Nothing listens/)).toHaveCount(0);
        await url.press('Enter');
        await expect(dialog.getByText('Reached')).toBeVisible();
        await expect(dialog.getByText('TLSv1.3 in 11.3 ms')).toBeVisible();
        await expectAccessible(page);
        await url.press('Enter');

        await expect(page).toHaveURL(/#setup=watch$/);
        await expect(dialog.getByText('Waiting for the first request…')).toBeVisible();
        await expect(dialog.getByText('curl -i http://127.0.0.1:8080/')).toBeVisible();
        await expect(dialog.getByText('1,204 requests seen')).toBeVisible();
        await expectAccessible(page);
        await dialog.getByRole('button', { name: 'What it would save' }).last().press('Enter');

        await expect(dialog.getByText(/655 of 1,204 requests/)).toBeVisible();
        await expect(dialog.getByRole('row', { name: /\/api\/products\/:id/ })).toContainText('80.7');
        await expect(dialog.getByRole('row', { name: /\/api\/prices/ })).toContainText('no Cache-Control 240');
        await expect(dialog.getByRole('group', { name: 'pitwall.yaml' })).toContainText('ttl: 10s');
        await expect(dialog.getByRole('group', { name: 'pitwall.yaml' })).toContainText(
          'With 10s, 221 would have been saved',
        );
        await expectAccessible(page);
        await page.goBack();
        await expect(dialog.getByText('1,204 requests seen')).toBeVisible();
        await page.goForward();

        await dialog.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Keep it' }).press('Enter');
        await expect(dialog.getByText('PITWALL_CONFIG=pitwall.yaml npm start')).toBeVisible();
        await expect(dialog.getByText('PITWALL_UPSTREAM=https://shop.example npm start')).toBeVisible();
        await dialog.getByRole('button', { name: 'Switch to cache now' }).press('Enter');
        await expect(dialog.getByText('Answering from the cache')).toBeVisible();
        await expectAccessible(page);
        await expectNoOverflow(page);
        await dialog.getByRole('button', { name: 'Done' }).press('Enter');
        await expect(dialog).toHaveCount(0);

        const trial = page.getByRole('region', { name: 'Trial' });
        await expect(trial).toContainText('https://shop.example, mode cache');
        await expect(page.getByRole('region', { name: 'Sample' })).toHaveCount(0);
        await expectAccessible(page);
        // A link to a step shows a colleague the same.
        await page.goto(`${fixture.url}/#setup=keep`);
        await dialog.getByRole('button', { name: 'Back to the sample' }).press('Enter');
        await expect(dialog).toHaveCount(0);
        await expect(page.getByRole('region', { name: 'Sample' })).toBeVisible();
        await expect(trial).toHaveCount(0);
      });
    });
  }
}

test('what is proposed comes as a download', async ({ page, fixture }) => {
  await page.goto(`${fixture.url}/#setup=url`);
  const dialog = page.getByRole('dialog', { name: 'Use my service' });
  const url = dialog.getByRole('textbox', { name: 'URL of your service' });
  await typeIn(url, 'https://shop.example');
  await url.press('Enter');
  await expect(dialog.getByText('Reached')).toBeVisible();
  await url.press('Enter');
  // Nothing to save until requests came: the button can't be pressed before.
  await expect(dialog.getByText('1,204 requests seen')).toBeVisible();
  await dialog.getByRole('button', { name: 'What it would save' }).last().press('Enter');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).press('Enter');
  expect((await download).suggestedFilename()).toBe('pitwall.yaml');
});

test('a link to a later step begins at the first where nothing is tried; what can’t be tried says why', async ({
  page,
  fixture,
}) => {
  await page.goto(`${fixture.url}/#setup=policy`);
  const dialog = page.getByRole('dialog', { name: 'Use my service' });
  await expect(dialog.getByRole('textbox', { name: 'URL of your service' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeDisabled();
  await fixture.scenario('busy');
  await expect(dialog.getByText('The gateway has a configuration of its own: change that instead.')).toBeVisible();
  await expect(dialog.getByText('PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start')).toBeVisible();
});
