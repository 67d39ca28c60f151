import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, expectNoOverflow, test, typeIn } from './console';

const PHONE = { width: 390, height: 844 };
const CHANGES = /^Changes of the version/;

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

const rows = (page: Page): Locator => page.getByRole('table').getByRole('button', { expanded: false });

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('versions, a difference and the dialog are accessible and fit a phone', async ({ page, fixture }) => {
      test.slow(); // axe looks five times
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${fixture.url}/settings?tab=configuration`);
      await expect(page.getByRole('region', { name: 'What runs' })).toContainText('Made in this console');
      await rows(page).nth(1).click();
      await expect(page.getByLabel(CHANGES)).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize(PHONE);
      await expectNoOverflow(page);
      await expectAccessible(page);
      const diff = page.getByLabel(CHANGES);
      expect(await diff.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
      await page.getByRole('button', { name: 'Import…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Import a configuration' });
      await typeIn(dialog.getByRole('textbox'), 'services:\n  - name: shop\n    mode: turbo\n');
      await dialog.getByRole('button', { name: 'Check' }).click();
      await expect(dialog.getByRole('alert', { name: 'Faults' })).toBeVisible();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      await expectAccessible(page);
    });
  });
}

test('the open version is in the address; what changed has signs, numbers and its neighbours', async ({
  page,
  fixture,
}) => {
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  await rows(page).nth(1).press('Enter');
  await expect(page).toHaveURL(/version=[0-9a-f]{12}-\d+/);
  await page.reload();
  const diff = page.getByLabel(CHANGES);
  await expect(diff).toContainText('−removed:         policy: { ttl: 60s');
  await expect(diff).toContainText('+added:         policy: { ttl: 5m');
  await expect(diff).toContainText(/⋯ \d+ unchanged lines/);
  await expect(page.getByText('5 lines added, 1 removed.')).toBeVisible();
  await page.getByRole('button', { name: 'Whole text' }).click();
  await expect(page.getByLabel(/^Text of the version/)).toContainText('explainToken: "[redacted]"');
  await page.getByRole('button', { name: 'Against what runs' }).click();
  await expect(diff).toContainText('+added:         policy: { ttl: 5m');
});

test('a version is restored by keyboard, in two presses', async ({ page, fixture }) => {
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  const last = page.getByRole('button', { name: /^Restore / }).last();
  await last.press('Enter');
  await page.getByRole('button', { name: /^Restore .*Press again/ }).press('Enter');
  await expect(page.getByRole('region', { name: /^Notifications/ })).toContainText(/Version [0-9a-f]{12} runs again/);
  await expect(page.getByRole('region', { name: 'What runs' })).toContainText('restored');
  await expect(page.getByRole('row').nth(1)).toContainText('Runs');
  await expect(page.getByText('5 versions, and no older ones')).toBeVisible();
});

test('a configuration comes as a download and is imported: faults lead to their lines, the difference is seen, and it runs', async ({
  page,
  fixture,
}) => {
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('pitwall.yaml');
  const yaml = await readFile(await download.path(), 'utf8');

  await page.getByRole('button', { name: 'Import…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Import a configuration' });
  const field = dialog.getByRole('textbox', { name: 'The whole configuration, in YAML' });
  await expect(field).toBeFocused();
  await typeIn(field, 'services: 7');
  await dialog.getByRole('button', { name: 'Check' }).press('Enter');
  const faults = dialog.getByRole('alert', { name: 'Faults' });
  await expect(faults).toContainText('services: expected a list');
  await faults.getByRole('button', { name: 'Line 1' }).press('Enter');
  await expect(field).toBeFocused();
  await field.press('x');
  await expect(faults).toHaveCount(0);

  await dialog.getByLabel('Choose a file', { exact: true }).setInputFiles({
    name: 'pitwall.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(yaml.replace('ttl: 2m', 'ttl: 3m')),
  });
  await expect(field).toHaveValue(/ttl: 3m/);
  await expect(dialog.getByRole('button', { name: 'Apply' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Check' }).click();
  await expect(dialog.getByLabel('Changes against what runs')).toContainText('+added:         policy: { ttl: 3m');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('region', { name: /^Notifications/ })).toContainText('The new configuration runs');
  await expect(page.getByText('5 versions, and no older ones')).toBeVisible();
});

test('a file too large is refused where it’s chosen', async ({ page, fixture }) => {
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a configuration' });
  const buffer = Buffer.alloc(1_048_577, '#');
  await dialog
    .getByLabel('Choose a file', { exact: true })
    .setInputFiles({ name: 'a.yaml', mimeType: 'text/yaml', buffer });
  await expect(dialog.getByRole('alert')).toContainText('larger than 1 MiB');
});

test('where a file says what runs it’s read-only, and says why', async ({ page, fixture }) => {
  await fixture.config('file');
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  const runs = page.getByRole('region', { name: 'What runs' });
  await expect(runs).toContainText('Read-only here. PITWALL_CONFIG names /etc/pitwall/pitwall.yaml');
  await expect(page.getByRole('button', { name: 'Import…' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Restore/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Export' })).toBeEnabled();
  await expectAccessible(page);
});

test('a viewer looks, and sees which role the rest needs', async ({ page, fixture }) => {
  await fixture.access('viewer');
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  const restore = page.getByRole('button', { name: /^Restore/ }).first();
  await expect(restore).toBeDisabled();
  await expect(restore).toHaveAccessibleDescription('Needs the role admin');
  await expect(page.getByRole('button', { name: 'Import…' })).toHaveAccessibleDescription('Needs the role admin');
  await rows(page).first().click();
  await expect(page.getByLabel(CHANGES)).toBeVisible();
});

test('no version yet, and nobody who knows, each say what to do', async ({ page, fixture, expectedMessages }) => {
  expectedMessages.push(/status of 503/);
  await fixture.config('none');
  await page.goto(`${fixture.url}/settings?tab=configuration`);
  await expect(page.getByRole('heading', { name: 'No version yet' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import…' })).toBeEnabled();
  await fixture.config('failing');
  await page.reload();
  await expect(page.getByRole('alert', { name: 'Failed' })).toContainText('The database doesn’t answer.', {
    timeout: 15_000,
  });
  await fixture.config('own');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(rows(page).first()).toBeVisible();
});
