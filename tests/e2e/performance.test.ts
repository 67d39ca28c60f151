import { expect, expectAccessible, open, test, ticks } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

test.describe('one glance', () => {
  test('says health, hero, tiles, charts and routes in the words of the product', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await expect(page.getByRole('heading', { name: 'Healthy' })).toBeVisible();
    await expect(page.getByText(/^Origin calls saved$/)).toBeVisible();
    await expect(page.getByText(/^asked [\d.]+\/s, reached origin [\d.]+\/s$/)).toBeVisible();
    for (const tile of ['Requests', 'Errors', 'p95 hit', 'p95 miss', 'Served stale', 'Bytes saved', 'Coalesced']) {
      await expect(
        page.getByRole('region', { name: 'Now' }).getByRole('button', { name: new RegExp(`^${tile}`) }),
      ).toBeVisible();
    }
    for (const chart of ['Answered by', 'Latency', 'Origin calls', 'Routes', 'Levels']) {
      await expect(page.getByRole('region', { name: chart, exact: true })).toBeVisible();
    }
    await expect(page).toHaveTitle(/% saved · local · Pitwall$/);
    await expect(page.getByRole('row', { name: /\/api\/me/ })).toContainText('Set-Cookie');
    await expect(page.getByRole('row', { name: /\/api\/legacy/ })).toContainText('Unsafe');
    await expect(page.getByText(/NaN|Infinity|undefined/)).toHaveCount(0);
  });

  test('moves once a second, without asking again', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    const since = page.getByText(/^since /);
    const area = page.locator('[data-series=l2]');
    const [text, shape] = [await since.textContent(), await area.getAttribute('d')];
    const asked = await fixture.calls();
    await expect(since).not.toHaveText(text ?? '');
    await expect.poll(() => area.getAttribute('d')).not.toBe(shape);
    expect(await fixture.calls()).toEqual(asked);
  });

  test('a tile says on hover, focus and tap what it counts', async ({ page, fixture }) => {
    await open(page, fixture.url);
    const tiles = page.getByRole('region', { name: 'Now' });
    const tile = tiles.getByRole('button', { name: /^Errors/ });
    await tile.hover();
    await expect(page.getByRole('tooltip')).toContainText('Clients that left');
    await page.mouse.move(5, 700, { steps: 5 });
    await expect(page.getByRole('tooltip')).toHaveCount(0);
    await tiles.getByRole('button', { name: /^p95 hit/ }).focus();
    await expect(page.getByRole('tooltip')).toContainText('p99');
  });
});

test.describe('time', () => {
  test('hovering holds the page, leaving lets it jump to now', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.getByRole('region', { name: 'Answered by' }).hover();
    await expect(page.getByText('Held', { exact: true })).toBeVisible();
    const area = page.locator('[data-series=l2]');
    const held = await area.getAttribute('d');
    const since = page.getByText(/^since /);
    const text = await since.textContent();
    // Two ticks reach the page meanwhile, and change nothing.
    await ticks(page, 2);
    await expect(since).toHaveText(text ?? '', { timeout: 1 });
    await page.mouse.move(20, 20);
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    await expect.poll(() => area.getAttribute('d')).not.toBe(held);
  });

  test('one crosshair stands in every chart, and the legends follow it', async ({ page, fixture }) => {
    await open(page, fixture.url);
    const box = (await page.getByTestId('plot').first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect(page.getByTestId('crosshair')).toHaveCount(5);
    await expect(
      page
        .getByRole('main')
        .locator('p')
        .filter({ hasText: /^\d\d:\d\d:\d\d$/ }),
    ).toBeVisible();
  });

  test('pause, range, service and sort are in the URL, and a link shows the same', async ({ page, fixture }) => {
    await open(page, fixture.url);
    await page.keyboard.press('p');
    await expect(page.getByText('Paused', { exact: true })).toBeVisible();
    await page.getByText('15m', { exact: true }).click();
    await page.getByRole('combobox', { name: 'Service' }).selectOption('chat');
    await page.getByRole('columnheader', { name: 'Req/s' }).getByRole('button').click();
    await expect(page).toHaveURL(/\?service=chat&from=now-15m&to=now&live=off&sort=-requests$/);
    await page.reload();
    await expect(page.getByText('Paused', { exact: true })).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Last 15 min' })).toBeChecked();
    await expect(page.getByRole('combobox', { name: 'Service' })).toHaveValue('chat');
    await expect(page.getByRole('columnheader', { name: 'Req/s' })).toHaveAttribute('aria-sort', 'descending');
    await page.keyboard.press(' ');
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  });
});

test.describe('routes', () => {
  test('sort by keyboard, and open as a view of their own', async ({ page, fixture }) => {
    await open(page, fixture.url);
    const time = page.getByRole('columnheader', { name: 'Origin time s/min' });
    await expect(time).toHaveAttribute('aria-sort', 'descending');
    await time.getByRole('button').press('Enter');
    await expect(time).toHaveAttribute('aria-sort', 'ascending');
    await page.getByRole('link', { name: 'chat /api/search' }).press('Enter');
    await expect(page.getByText('The response doesn’t say how long it is fresh.')).toBeVisible();
    await expect(page.getByText(/Give the route a ttl in its policy/).first()).toBeVisible();
    await expect(page).toHaveURL(/service=chat&route=%2Fapi%2Fsearch/);
  });
});

test.describe('mode', () => {
  test('needs a reason, is sent once however often it’s pressed, and shows when it ends', async ({ page, fixture }) => {
    await open(page, `${fixture.url}/?service=chat`);
    await page.getByRole('button', { name: 'Mode Cache' }).click();
    const dialog = page.getByRole('dialog', { name: 'Switch mode' });
    const submit = dialog.getByRole('button', { name: /^Switch chat to observe/ });
    await submit.click();
    await expect(dialog.getByRole('alert').first()).toContainText('Say why');
    await expectAccessible(page);
    await dialog.getByRole('textbox', { name: /Reason/ }).pressSequentially('Comparing');
    await submit.evaluate((button: HTMLButtonElement) => {
      for (let i = 0; i < 5; i += 1) button.click();
    });
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: /Mode Observe until \d\d:\d\d/ })).toBeVisible();
    await expect(page.getByText('Only observed')).toBeVisible();
    expect((await fixture.calls()).filter((call) => call.startsWith('POST'))).toEqual(['POST /api/services/chat/mode']);
  });

  test('says why a switch was refused', async ({ page, fixture, expectedMessages }) => {
    expectedMessages.push(/status of 404/);
    await open(page, `${fixture.url}/?service=chat`);
    await page.getByRole('button', { name: 'Mode Cache' }).click();
    await page.getByRole('textbox', { name: /Reason/ }).pressSequentially('refuse');
    await page.getByRole('button', { name: /^Switch chat/ }).click();
    await expect(page.getByText(/There is no service “chat”/)).toBeVisible();
  });
});
