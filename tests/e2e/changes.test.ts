import { expect, expectAccessible, expectNoOverflow, open, test, ticks } from './console';

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('what changed and what needs somebody stand beside the charts', async ({ page, fixture }) => {
      await fixture.scenario('failing');
      await open(page, fixture.url);
      const changed = page.getByRole('region', { name: 'What changed' });
      await expect(changed.getByRole('listitem')).toHaveCount(4);
      await expect(changed.getByRole('listitem').first()).toContainText('Mark tag chat:42 stale');
      const breaker = changed.getByRole('button', { name: /Breaker opened chat/ });
      await breaker.press('Enter');
      await expect(breaker).toHaveAttribute('aria-expanded', 'true');
      await expect(changed).toContainText('Probes that failed since: 4. 2 of 2 workers.');
      await expect(page.getByRole('region', { name: 'Needs you' })).toContainText('Breaker open');
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectAccessible(page);
      await expectNoOverflow(page);
    });
  });
}

test('a change shows the moment it is told, and older ones when asked for', async ({ page, fixture }) => {
  await fixture.scenario('busy');
  await open(page, fixture.url);
  const changed = page.getByRole('region', { name: 'What changed' });
  // The overview that the socket sends first is there.
  await ticks(page, 1);
  await fixture.tell();
  await expect(changed.getByRole('listitem').first()).toContainText('Breaker opened');
  await changed.getByRole('button', { name: 'Show earlier' }).click();
  await expect(changed.getByRole('heading', { name: 'Before this range' })).toBeVisible();
  await expect(changed).toContainText('Pitwall started');
  await expect(changed.getByRole('button', { name: 'Show earlier' })).toHaveCount(0);
});

test('a change is a mark on every chart, and either opens the other', async ({ page, fixture }) => {
  await fixture.scenario('failing');
  await open(page, fixture.url);
  const marks = page.getByRole('group', { name: 'Changes' });
  await expect(marks.getByRole('button')).toHaveCount(4);
  const breaker = marks.getByRole('button', { name: /Breaker opened chat$/ });
  await breaker.focus();
  await page.keyboard.press('Enter');
  await expect(breaker).toHaveAttribute('aria-pressed', 'true');
  const changed = page.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('button', { name: /Breaker opened/ })).toHaveAttribute('aria-expanded', 'true');
  await changed.getByRole('button', { name: /Configuration taken/ }).click();
  await expect(marks.getByRole('button', { name: /Configuration taken/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(breaker).toHaveAttribute('aria-pressed', 'false');
});

test('a link opens the change that was open, within the range or before it', async ({ page, fixture }) => {
  await fixture.scenario('failing');
  await open(page, fixture.url);
  await page
    .getByRole('group', { name: 'Changes' })
    .getByRole('button', { name: /Breaker opened/ })
    .click();
  await expect(page).toHaveURL(/\?change=breaker-1$/);
  const changed = page.getByRole('region', { name: 'What changed' });
  for (const from of ['', '&from=now-1m&to=now']) {
    await open(page, `${fixture.url}?change=breaker-1${from}`);
    const breaker = changed.getByRole('button', { name: /Breaker opened/ });
    await expect(breaker).toHaveAttribute('aria-expanded', 'true');
    await expect(changed).toContainText('Probes that failed since: 4.');
    await expect(changed.getByRole('heading', { name: 'Outside this range' })).toHaveCount(from === '' ? 0 : 1);
  }
  await changed.getByRole('button', { name: /Breaker opened/ }).click();
  await expect(page).toHaveURL(/\?from=now-1m&to=now$/);
  await expect(changed).not.toContainText('Breaker opened');
});

test.describe('a link to a change that isn’t kept any more', () => {
  test.use({ expectedMessages: [/status of 404/] });

  test('says so quietly, and can be dismissed', async ({ page, fixture }) => {
    await fixture.scenario('busy');
    await open(page, `${fixture.url}?change=job-of-yesterday`);
    const changed = page.getByRole('region', { name: 'What changed' });
    await expect(changed.getByRole('status')).toContainText('isn’t kept any more');
    await expect(changed.getByRole('listitem')).toHaveCount(3);
    await expectAccessible(page);
    await changed.getByRole('button', { name: 'Dismiss' }).click();
    await expect(changed.getByRole('status')).toHaveCount(0);
    expect(new URL(page.url()).search).toBe('');
  });
});

test('a clear is undone from where it is told', async ({ page, fixture }) => {
  await fixture.scenario('jobs');
  await open(page, fixture.url);
  const changed = page.getByRole('region', { name: 'What changed' });
  await changed.getByRole('button', { name: /Mark tag chat:42 stale/ }).click();
  await changed.getByRole('button', { name: 'Undo: Mark tag chat:42 stale' }).click();
  await expect(changed.getByRole('button', { name: /^Undo:/ })).toHaveCount(0);
  expect(await fixture.calls()).toContain('POST /api/cache/clear/clear-1/undo');
});

test('quiet times say so', async ({ page, fixture }) => {
  await fixture.scenario('empty');
  await page.goto(fixture.url);
  await expect(page.getByText('Nothing needs you')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What changed' })).toContainText('Nothing in this range.');
  await expectAccessible(page);
});

test('each need leads to its next step', async ({ page, fixture }) => {
  await fixture.scenario('failing');
  await open(page, fixture.url);
  const needs = page.getByRole('region', { name: 'Needs you' });
  await needs.getByRole('button', { name: 'Show failing requests' }).click();
  await expect(page).toHaveURL(/tab=requests&tail-services=chat&tail-results=error/);
  await expect(page.getByRole('row', { name: /503/ }).first()).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Live requests' })).toBeInViewport();
});
