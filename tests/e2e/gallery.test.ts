import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, expectAccessible, expectNoOverflow, test } from './console';

const ROUTES = resolve(import.meta.dirname, '../../.next/app-path-routes-manifest.json');

test.use({
  dev: true,
  // What Next's development server says by itself.
  expectedMessages: [/React DevTools|\[HMR\]|\[Fast Refresh\]/],
});

test('the build has no gallery', () => {
  const routes = readFileSync(ROUTES, 'utf8');
  expect(routes).toContain('/api/openapi.json');
  expect(routes).not.toContain('gallery');
});

for (const theme of ['light', 'dark'] as const) {
  test(`the gallery is accessible and fits a phone, ${theme}`, async ({ page, fixture }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${fixture.url}/gallery?theme=${theme}`);
    await expect(page.getByRole('heading', { name: 'Layout', exact: true })).toBeVisible();
    await expect(page.getByTestId('plot').first()).toBeVisible();
    // Two specimens of a part have the same label.
    await expectAccessible(page, ['landmark-unique']);

    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoOverflow(page);
  });
}
