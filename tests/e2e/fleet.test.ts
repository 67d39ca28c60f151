import { expect, expectAccessible, open, test } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('a missing instance and unconfirmed clears are named, at a desk and on a phone', async ({ page, fixture }) => {
      await fixture.scenario('missing');
      await open(page, fixture.url);
      const instances = page.getByRole('region', { name: 'Instances', exact: true });
      await expect(page.getByText("1 of 6 workers doesn't answer: edge-2 worker 1")).toBeVisible();
      await expect(instances.getByRole('heading')).toContainText('1 missing edge-2 worker 1');
      await expect(instances.getByRole('heading')).toContainText('1 with clears unconfirmed edge-3 worker 0');
      const gone = instances.getByRole('row', { name: /edge-2 worker 1/ });
      await expect(gone).toContainText('Missing');
      await expect(gone).toContainText('41 s');
      // What it said last is no longer true.
      await expect(gone.getByRole('cell').nth(1)).toHaveText('–');
      await expect(instances.getByRole('row', { name: /edge-3 worker 0/ })).toContainText('unconfirmed for 12 s');
      await expect(instances.getByRole('row', { name: /^Total/ })).toContainText('5 of 6 OK');
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect(instances.getByRole('rowheader', { name: /edge-1 worker 0/ })).toBeVisible();
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });

    test('a degraded third level says why, and what it means for traffic', async ({ page, fixture }) => {
      await fixture.scenario('l3-degraded');
      await open(page, fixture.url);
      const level = page.getByRole('region', { name: 'Levels' }).getByRole('listitem').nth(2);
      await expect(level).toContainText('L3 persistent Redis');
      await expect(level).toContainText('Degraded');
      const why = "Redis isn't asked for a moment: 3 failures in a row, last: no answer within 50 ms.";
      await expect(level.getByText(why, { exact: true })).toBeVisible();
      await expect(level).toContainText('Answers go on from memory and origin.');
      await expect(level).toContainText('148 ms p99 read');
      await expectAccessible(page);
      const word = page.getByRole('row', { name: /edge-1 worker 0/ }).getByRole('button', { name: 'Degraded' });
      // A tooltip closes when the page scrolls beneath it, as it does to show what has the focus.
      await expect(async () => {
        await word.blur();
        await word.focus();
        await expect(page.getByRole('tooltip')).toContainText("Redis isn't asked for a moment", { timeout: 1_000 });
      }).toPass();
    });
  });
}

test('several instances stand in order, with what they sum up to', async ({ page, fixture }) => {
  await fixture.scenario('fleet');
  await open(page, fixture.url);
  const instances = page.getByRole('region', { name: 'Instances', exact: true });
  await expect(instances.getByRole('rowheader')).toHaveText([
    /edge-1 worker 0 this one/,
    /edge-1 worker 1 this one/,
    /edge-2 worker 0/,
    /edge-2 worker 1/,
    /edge-3 worker 0/,
    /edge-3 worker 1/,
    'Total',
  ]);
  const total = instances.getByRole('row', { name: /^Total/ });
  await expect(total).toContainText('56.4');
  await expect(total).toContainText('all followed');
  await expect(page.getByRole('region', { name: 'Levels' })).toContainText('1.84 ms p99 read');
  await expect(page.getByText(/NaN|Infinity|undefined/)).toHaveCount(0);
});

test('64 workers are scrolled in a table of their own, with heads and total in sight', async ({ page, fixture }) => {
  await fixture.scenario('fleet-64');
  await open(page, fixture.url);
  const table = page.getByRole('region', { name: 'Instances, scrollable' });
  await expect(table.getByRole('row')).toHaveCount(66);
  expect((await table.boundingBox())!.height).toBeLessThanOrEqual(386);
  await table.focus();
  await page.keyboard.press('End');
  await expect(table.getByRole('row', { name: /edge-32 worker 1/ })).toBeInViewport();
  await expect(table.getByRole('columnheader', { name: 'Req/s' })).toBeInViewport();
  await expect(table.getByRole('row', { name: /^Total/ })).toBeInViewport();
});

test('one worker that is well has no table of instances', async ({ page, fixture }) => {
  await fixture.scenario('busy');
  await open(page, fixture.url);
  await expect(page.getByRole('region', { name: 'Levels' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Instances', exact: true })).toHaveCount(0);
});
