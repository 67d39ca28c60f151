import { HASTY, PASSWORD, SECRETS } from '../support/console-access';
import { expect, expectAccessible, expectNoOverflow, test, typeIn } from './console';

const PHONE = { width: 390, height: 844 };

test.beforeEach(async ({ fixture }) => {
  await fixture.socket('on');
  await fixture.scenario('busy');
  await fixture.access('nobody');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the log-in says what is wrong, waits as it’s told, and leads back to where one came from', async ({
      page,
      fixture,
      expectedMessages,
    }) => {
      expectedMessages.push(/status of (401|429)/);
      await page.goto(`${fixture.url}/settings?tab=journal`);
      await expect(page).toHaveURL(/\/login\?next=/);
      const email = page.getByRole('textbox', { name: 'E-mail address' });
      const password = page.getByLabel('Password', { exact: true });
      await expect(email).toBeFocused();
      await expectAccessible(page);
      await email.press('Enter');
      await expect(page.getByText('Give your e-mail address.')).toBeVisible();

      await typeIn(email, HASTY);
      await typeIn(password, 'anything');
      await password.press('Enter');
      await expect(page.getByRole('alert').filter({ hasText: 'Too many tries' })).toBeVisible();
      await expect(page.getByRole('button', { name: /^Try again in \d s$/ })).toBeDisabled();
      await expectAccessible(page);
      await expect(page.getByRole('button', { name: 'Log in' })).toBeEnabled();

      await typeIn(email, 'mara@shop.example');
      await password.press('Enter');
      await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible();
      await expect(password).toBeFocused();
      await page.setViewportSize(PHONE);
      await expectAccessible(page);
      await expectNoOverflow(page);

      await page.getByRole('button', { name: 'Show password' }).click();
      await typeIn(password, PASSWORD);
      await expect(password).toHaveValue(PASSWORD);
      await expect(password).toHaveAttribute('type', 'text');
      await password.press('Enter');
      await expect(page).toHaveURL(/\/settings\?tab=journal$/);
      await expect(page.getByRole('tab', { name: 'Journal' })).toHaveAttribute('aria-selected', 'true');
    });

    test('a one-time link makes the first account, or sets a password, or says that it’s used', async ({
      page,
      fixture,
      expectedMessages,
    }) => {
      expectedMessages.push(/status of 404/);
      await page.goto(`${fixture.url}/join#used`);
      await expect(page.getByRole('heading', { name: 'This link doesn’t work any more' })).toBeVisible();
      await expectAccessible(page);

      await page.goto(`${fixture.url}/join#${SECRETS.person}`);
      await expect(page.getByRole('heading', { name: 'Hello Inês Carvalho' })).toBeVisible();
      await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
      await expectAccessible(page);

      await page.setViewportSize(PHONE);
      await page.goto(`${fixture.url}/join#${SECRETS.first}`);
      await expect(page.getByRole('heading', { name: 'The first account' })).toBeVisible();
      const password = page.getByLabel('Password', { exact: true });
      await typeIn(password, 'too short');
      await expect(page.getByText('At least 12 characters: 3 to go.')).toBeVisible();
      await password.press('Enter');
      await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
      await expect(page.getByText('Give at least 12 characters')).toBeVisible();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await typeIn(page.getByRole('textbox', { name: 'Name' }), 'Mara Lindqvist');
      await typeIn(page.getByRole('textbox', { name: 'E-mail address' }), 'mara@shop.example');
      await typeIn(password, PASSWORD);
      await password.press('Enter');
      await expect(page.getByTestId('plot').first()).toBeVisible();
      expect(await fixture.calls()).toContain('POST /api/invitations/accept');
    });
  });
}

test('a provider that vouches logs in, and leads back; one that refuses is told', async ({
  page,
  fixture,
  expectedMessages,
}) => {
  expectedMessages.push(/status of 401/);
  await page.goto(`${fixture.url}/settings?tab=sessions`);
  await page.getByRole('button', { name: 'Continue with Shop ID' }).click();
  await expect(page).toHaveURL(/\/settings\?tab=sessions$/);
  await expect(page.getByRole('button', { name: 'Account: Jonas Weber' })).toBeVisible();

  await fixture.access('nobody');
  await page.goto(`${fixture.url}/login?error=access_denied&state=s1`);
  await expect(page.getByText('The provider refused: access_denied.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue with Shop ID' }).click();
  await expect(page).toHaveURL(/\/settings\?tab=sessions$/);
});

test('a session that ends leads to the log-in; another host never follows it', async ({
  page,
  fixture,
  expectedMessages,
}) => {
  expectedMessages.push(/status of 401/);
  await fixture.access('operator');
  await page.goto(`${fixture.url}/settings?tab=sessions`);
  await expect(page.getByRole('button', { name: 'Account: Jonas Weber' })).toBeVisible();
  await fixture.access('nobody');
  // What the page asks by itself may lead there first.
  const pressed = page.getByRole('button', { name: 'End Safari 18 on iPhone' }).click({ timeout: 5_000 });
  await pressed.catch(() => undefined);
  await expect(page).toHaveURL(/\/login\?next=%2Fsettings%3Ftab%3Dsessions$/);
  // There as a whole: leaving a page on its way can't be told from being led away.
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toBeFocused();

  await page.goto(`${fixture.url}/login?next=%2F%5Celsewhere.example`);
  await typeIn(page.getByRole('textbox', { name: 'E-mail address' }), 'jonas@shop.example');
  await typeIn(page.getByLabel('Password', { exact: true }), PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('plot').first()).toBeVisible();
  expect(new URL(page.url()).origin).toBe(fixture.url);

  await page.keyboard.press('Control+k');
  await typeIn(page.getByRole('combobox', { name: /^Find/ }), 'log out');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});
