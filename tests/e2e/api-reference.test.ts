import { startServer, type ReadyServer } from '../support/server-process';
import { expect, expectAccessible, expectNoOverflow, test, typeIn } from './console';

test.describe('the API’s reference', () => {
  test.beforeEach(({ fixture }) => fixture.scenario('busy'));

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      test(`is accessible, and nothing overflows, in the ${colorScheme} at ${width}`, async ({ page, fixture }) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${fixture.url}/docs/api`);
        await expect(page.getByRole('heading', { name: /^API reference/ })).toBeVisible();
        await expectAccessible(page);
        await expectNoOverflow(page);
      });
    }
  }

  test('finds operations by word, says how many, and shows all again', async ({ page, fixture }) => {
    await page.goto(`${fixture.url}/docs/api`);
    const field = page.getByRole('searchbox', { name: 'Find in the API' });
    const article = (name: string) => page.getByRole('article', { name });
    await typeIn(field, 'cache clear');
    await expect(article('Undo a soft clear')).toBeVisible();
    await expect(article('One job')).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Jobs', exact: true })).toBeHidden();
    await expect(page.getByText(/^\d+ of \d+ operations$/)).toBeVisible();
    // A link finds the same, and there is no time to choose here.
    await expect(page).toHaveURL(/\?find=cache\+clear$/);
    await page.reload();
    await expect(field).toHaveValue('cache clear');
    await expect(article('One job')).toBeHidden();
    await expect(page.getByRole('group', { name: 'Time' })).toHaveCount(0);
    await expect(page.getByText('`')).toHaveCount(0);
    await typeIn(field, 'no such thing');
    await expect(page.getByText('Nothing has these words.')).toBeVisible();
    await field.press('Escape');
    await expect(article('One job')).toBeVisible();
  });

  test('has an address for each operation, schema and code', async ({ page, fixture }) => {
    await page.goto(`${fixture.url}/docs/api#undoClear`);
    await expect(page.getByRole('article', { name: 'Undo a soft clear' })).toBeInViewport();
    await page.getByRole('article', { name: 'Undo a soft clear' }).getByRole('link', { name: 'conflict' }).click();
    await expect(page).toHaveURL(/#code-conflict$/);
    await expect(page.locator('#code-conflict')).toBeInViewport();
    await page
      .getByRole('navigation', { name: 'Contents of the API' })
      .getByRole('link', { name: 'get /jobs/{id}', exact: true })
      .click();
    await page.getByRole('article', { name: 'One job' }).getByRole('link', { name: 'Job', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Job', exact: true })).toBeInViewport();
  });
});

test.describe('trying it', () => {
  let server: ReadyServer;
  test.beforeAll(async () => {
    server = await startServer();
  });
  test.afterAll(() => server.stop());

  test('a GET is sent from the page, with its parameters, and by keyboard alone', async ({ page }) => {
    await page.goto(`${server.consoleUrl}/docs/api`);
    const health = page.getByRole('article', { name: /^Healthy, degraded/ });
    await health.getByRole('button', { name: 'Try it' }).focus();
    await page.keyboard.press('Enter');
    await expect(health.getByText('200 OK')).toBeVisible();
    await expect(health.getByLabel('Body of the answer')).toContainText('"state": ');

    const metric = page.getByRole('article', { name: 'One live figure over a range' });
    await metric.getByRole('button', { name: 'Try it' }).click();
    await expect(metric.getByRole('button', { name: 'Send' })).toBeDisabled();
    await metric.getByRole('combobox', { name: /^name/ }).selectOption('hit_ratio');
    await expect(metric.locator('code', { hasText: 'curl' })).toHaveText(
      `curl -s ${server.consoleUrl}/api/performance/metrics/hit_ratio`,
    );
    await metric.getByRole('button', { name: 'Send' }).click();
    await expect(metric.getByLabel('Body of the answer')).toContainText('"unit": "ratio"');
    await expectAccessible(page);
  });

  test.describe('a refusal', () => {
    test.use({ expectedMessages: [/404/] });
    test('is shown as it came', async ({ page }) => {
      await page.goto(`${server.consoleUrl}/docs/api`);
      const overview = page.getByRole('article', { name: 'Everything that the first page shows' });
      await overview.getByRole('button', { name: 'Try it' }).click();
      await typeIn(overview.getByRole('textbox', { name: 'service' }), 'ghost');
      await overview.getByRole('button', { name: 'Send' }).click();
      await expect(overview.getByText('404 Not Found')).toBeVisible();
      await expect(overview.getByLabel('Body of the answer')).toContainText('There is no service named');
    });
  });
});
