import { readFile } from 'node:fs/promises';
import { journalExportSchema } from '../../lib/contracts/journal.ts';
import { expect, expectAccessible, expectNoOverflow, open, test, typeIn } from './console';

const PHONE = { width: 390, height: 844 };

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('every tab is accessible and fits a phone', async ({ page, fixture }) => {
      test.slow(); // axe looks nine times
      await fixture.access('admin');
      for (const [tab, shown] of [
        ['people', 'Role of Jonas Weber'],
        ['sessions', 'End Safari 18 on iPhone'],
        ['tokens', 'Revoke Prometheus'],
        ['journal', 'Show more'],
      ] as const) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${fixture.url}/settings?tab=${tab}`);
        await expect(
          page
            .getByLabel(shown)
            .or(page.getByRole('button', { name: shown }))
            .first(),
        ).toBeVisible();
        await expectAccessible(page);
        await page.setViewportSize(PHONE);
        await expectAccessible(page);
        await expectNoOverflow(page);
      }
      await page
        .getByRole('button', { name: /^Switched the mode/ })
        .first()
        .click();
      await expect(page.getByLabel('Before and after')).toBeVisible();
      await expectAccessible(page);
      await expectNoOverflow(page);
    });
  });
}

test('somebody is added by keyboard, with a link that is seen once; and gets another role, which says what it means', async ({
  page,
  fixture,
  expectedMessages,
}) => {
  expectedMessages.push(/status of 409/);
  await fixture.access('admin');
  await open(page, fixture.url);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Add somebody…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add somebody' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await typeIn(dialog.getByRole('textbox', { name: 'Name' }), 'Noor Haddad');
  const email = dialog.getByRole('textbox', { name: 'E-mail address' });
  await typeIn(email, 'mara@shop.example');
  await email.press('Enter');
  await expect(dialog.getByRole('alert').last()).toContainText('Somebody has the address mara@shop.example already.');
  await typeIn(email, 'noor@shop.example');
  await dialog.getByRole('radio', { name: /^operator/ }).press('Space');
  await email.press('Enter');
  const link = page.getByRole('dialog', { name: 'A link for Noor Haddad' });
  await expect(link).toContainText(/\/join#/);
  await expectAccessible(page);
  // Seen once, it doesn't go by a slip.
  await page.keyboard.press('Escape');
  await expect(link).toContainText(/\/join#/);
  await link.getByRole('button', { name: 'Done' }).press('Enter');
  await expect(link).toHaveCount(0);

  const row = page.getByRole('row').filter({ hasText: 'Noor Haddad' });
  await expect(row).toContainText('Invited');
  await row.getByRole('combobox', { name: 'Role of Noor Haddad' }).selectOption('viewer');
  const role = page.getByRole('dialog', { name: 'Noor Haddad: from operator to viewer' });
  await expect(role.getByRole('region', { name: 'May no longer' })).toContainText('Clear entries, and undo that');
  await expectAccessible(page);
  await role.getByRole('button', { name: 'Make viewer' }).press('Enter');
  await expect(role).toHaveCount(0);
  await expect(row.getByRole('combobox')).toHaveValue('viewer');

  await row.getByRole('button', { name: 'Disable Noor Haddad' }).click();
  await row.getByRole('button', { name: 'Disable Noor Haddad? Press again' }).click();
  await expect(row).toContainText('Disabled');
  await row.getByRole('button', { name: 'Remove Noor Haddad' }).click();
  await row.getByRole('button', { name: 'Remove Noor Haddad? Press again' }).click();
  await expect(row).toHaveCount(0);
});

test('a token is made with what it may, shown once, and revoked in two presses', async ({ page, fixture }) => {
  await fixture.access('admin');
  await page.goto(`${fixture.url}/settings?tab=tokens`);
  await page.getByRole('button', { name: 'Make a token…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a token' });
  await typeIn(dialog.getByRole('textbox', { name: 'Name' }), 'Grafana');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog.getByText('Tick at least one thing that it may.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: /^metrics/ }).check();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const made = page.getByRole('dialog', { name: 'Token Grafana' });
  await expect(made).toContainText(/curl -H 'Authorization: Bearer pw_\w+' http:\/\/[^ ]+\/metrics/);
  await made.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Grafana' });
  await row.getByRole('button', { name: 'Revoke Grafana' }).click();
  await row.getByRole('button', { name: /Press again/ }).click();
  await expect(row).toHaveCount(0);
});

test('the journal is found by the address, opens to what changed, and goes on', async ({ page, fixture }) => {
  await fixture.access('admin');
  await page.goto(`${fixture.url}/settings?tab=journal&journal-time=all`);
  const rows = page.getByRole('table').getByRole('button', { expanded: false });
  await expect(page.getByText('50 entries, newest first')).toBeVisible();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page.getByText('100 entries, newest first')).toBeVisible();

  await typeIn(page.getByRole('searchbox', { name: 'Find in the journal' }), 'setMode');
  await expect(page).toHaveURL(/journal-text=setMode/);
  await page.getByRole('combobox', { name: 'Who' }).selectOption({ label: 'Jonas Weber' });
  await expect(page).toHaveURL(/journal-who=person%3Ajonas/);
  await page.getByRole('combobox', { name: 'Who' }).selectOption({ label: 'Anybody' });
  await rows.first().press('Enter');
  await expect(page.getByLabel('Before and after')).toContainText('"reason": "Comparing with yesterday’s origin load"');
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Find in the journal' })).toHaveValue('setMode');
  await expect(rows.first()).toHaveAccessibleName(/^Switched the mode/);

  await typeIn(page.getByRole('searchbox', { name: 'Find in the journal' }), 'no such thing');
  await expect(page.getByRole('heading', { name: 'Nothing in the journal is like that' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).last().click();
  await expect(page.getByText('50 entries, newest first')).toBeVisible();
});

test('what is filtered comes as a download', async ({ page, fixture }) => {
  await fixture.access('admin');
  await page.goto(`${fixture.url}/settings?tab=journal&journal-time=all&journal-outcome=failed`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'JSON' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('journal.json');
  const { entries } = journalExportSchema.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
  expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
});

test('a viewer sees what they may not do, and which role it needs', async ({ page, fixture }) => {
  await fixture.scenario('jobs');
  await fixture.access('viewer');
  await open(page, fixture.url);
  const mode = page.getByRole('button', { name: /^Mode/ });
  await expect(mode).toBeDisabled();
  await expect(mode).toHaveAccessibleDescription('Needs the role operator');
  await page.keyboard.press('c');
  await expect(page.getByRole('region', { name: /^Notifications/ })).toContainText('Needs the role operator');
  await page.keyboard.press('Control+k');
  await typeIn(page.getByRole('combobox', { name: /^Find/ }), 'clear tag');
  await expect(page.getByRole('option', { name: /Clear tag/ })).toContainText('Needs the role operator');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Clear' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Jobs/ }).click();
  await expect(page.getByRole('button', { name: /^Pause: Warm/ })).toBeDisabled();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Account: Wanja Mwangi' }).click();
  await page.getByRole('link', { name: 'Your sessions' }).click();
  await expect(page.getByRole('tab', { name: 'Sessions' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'Tokens' }).click();
  await expect(page.getByRole('heading', { name: 'Needs the role admin' })).toBeVisible();
  expect((await fixture.calls()).filter((call) => /tokens|people|journal/.test(call))).toEqual([]);
});

test('at this machine there is no log-in, and it says so; the phone’s menu too', async ({ page, fixture }) => {
  await page.goto(`${fixture.url}/settings?tab=sessions`);
  await expect(page.getByRole('heading', { name: 'There is no session here' })).toBeVisible();
  await page.getByRole('button', { name: 'Account: At this machine' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Account' })).toContainText('PITWALL_LOCAL_ADMIN=off');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await fixture.access('operator');
  await page.setViewportSize(PHONE);
  await page.reload();
  await page.getByRole('button', { name: /Menu$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toContainText('Jonas Weber');
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});
