import { startServer, type ReadyServer } from '../support/server-process';
import { expect, expectAccessible, open, test, typeIn } from './console';

/* The console against the real thing: `node server.ts` with its sample origin and traffic. */
test.describe.configure({ mode: 'serial' });

let server: ReadyServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});

test('shows the sample’s traffic live, seconds after the start', async ({ page }) => {
  await open(page, server.consoleUrl);
  await expect(page.getByRole('region', { name: 'Sample' }).getByText('SAMPLE', { exact: true })).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(page.getByText(/^asked [\d.]+\/s, reached origin [\d.]+\/s$/)).toBeVisible();
  await expect(page.getByRole('row', { name: /history/ })).toBeVisible();
  await expect(page.getByText(/NaN|Infinity|undefined/)).toHaveCount(0);
  await expectAccessible(page);
});

test('a request of one’s own is counted, and answered from the store the second time', async ({ page }) => {
  await open(page, server.consoleUrl);
  const url = `${server.gatewayUrl}/api/chats/42/history`;
  await page.request.get(url);
  const second = await page.request.get(url);
  expect(second.headers()['cache-status']).toContain('hit');
});

test('the mode is switched from the page, and back', async ({ page }) => {
  await open(page, server.consoleUrl);
  for (const [from, to] of [
    ['Cache', 'observe'],
    ['Observe', 'cache'],
  ] as const) {
    const bar = page.getByRole('banner');
    await bar.getByRole('button', { name: new RegExp(`Mode ${from}`) }).click();
    const dialog = page.getByRole('dialog');
    await typeIn(dialog.getByRole('textbox', { name: /Reason/ }), 'Testing the switch');
    await dialog.getByRole('button', { name: new RegExp(`^Switch \\S+ to ${to}`) }).click();
    await expect(dialog).toBeHidden();
    await expect(bar.getByRole('button', { name: new RegExp(`Mode ${to}`, 'i') })).toBeVisible();
  }
});

test('the sample traffic stops and starts from the page', async ({ page }) => {
  await open(page, server.consoleUrl);
  await page.getByRole('button', { name: 'Stop traffic' }).click();
  await page.getByRole('button', { name: 'Start traffic' }).click();
  await expect(page.getByRole('button', { name: 'Stop traffic' })).toBeVisible();
});

test('what was done stands under "What changed", and requests come one by one', async ({ page }) => {
  await open(page, server.consoleUrl);
  const changed = page.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('button', { name: /Mode observe/ })).toBeVisible();
  await expect(changed).toContainText('Pitwall started');
  await page.getByRole('tab', { name: 'Live requests' }).click();
  const grid = page.getByRole('grid', { name: 'Live requests' });
  await expect(grid.getByRole('row').nth(3)).toBeVisible();
  await page.getByRole('button', { name: 'Origin', exact: true }).click();
  await expect(page).toHaveURL(/tail-results=origin/);
  await expect(grid.getByRole('gridcell', { name: 'Origin' }).first()).toBeVisible();
  await expect(grid.getByRole('gridcell', { name: /^L[12]$/ })).toHaveCount(0);
  await expectAccessible(page);
});
