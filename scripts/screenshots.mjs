/*
 * Takes pictures of the console in every state, both themes, at a desk and on a phone:
 *   npm run screenshots [-- --only busy,failing] [--themes dark] [--sizes phone] [--out .pitwall/screenshots]
 *   … --url http://127.0.0.1:3000   a running console as it is, instead of the double (tests/support/console-fixture.ts)
 *   … --dev                         the double with pages compiled on demand, instead of the last build
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};

const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const CHARTS = '[data-testid=plot]';

const button = (page, name) => page.getByRole('button', { name }).first();
const press = async (page, name) => button(page, name).click();
const dialog = (page) => page.getByRole('dialog').last().waitFor();
const key = async (page, name) => (await page.keyboard.press(name), dialog(page));
const find = async (page, name, text) => {
  await key(page, name);
  await page.getByRole('combobox', { name: /^Find/ }).fill(text);
  await page.getByRole('option').first().waitFor();
};
const clear = async (page, kind, text) => {
  await key(page, 'c');
  await page.getByRole('combobox', { name: 'What to clear' }).selectOption(kind);
  await page.getByRole('dialog').getByRole('textbox').fill(text);
};
const note = async (page, text) =>
  page
    .getByRole('region', { name: /^Notifications/ })
    .getByText(text)
    .waitFor();
/** The steps of "Use my service" up to what is tried. */
const tryMine = async (page, upTo) => {
  const wizard = page.getByRole('dialog', { name: 'Use my service' });
  const url = wizard.getByRole('textbox', { name: 'URL of your service' });
  await url.fill(upTo === 'unreachable' ? 'http://127.0.0.1:1' : 'https://shop.example');
  await url.press('Enter');
  if (upTo === 'unreachable') return wizard.getByText(/Nothing listens/).waitFor();
  await wizard.getByText('Reached').waitFor();
  if (upTo === 'reached') return;
  await url.press('Enter');
  await wizard.getByText('1,204 requests seen').waitFor();
  if (upTo === 'watch') return;
  await wizard.getByRole('button', { name: 'What it would save' }).last().click();
  await wizard.getByText(/655 of 1,204 requests/).waitFor();
  if (upTo === 'policy') return;
  await wizard.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Keep it' }).click();
  await wizard.getByText('PITWALL_CONFIG=pitwall.yaml npm start').waitFor();
  if (upTo === 'keep') return;
  await wizard.getByRole('button', { name: 'Switch to cache now' }).click();
  await wizard.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('region', { name: 'Trial' }).waitFor();
};
/** Settings as somebody sees them. @param tab with what the address has after it */
const settings = (access, tab, act, ready = 'tbody tr') => ({
  scenario: 'busy',
  access,
  path: `/settings?tab=${tab}`,
  ready,
  act,
  whole: true,
});
const SETUP = { scenario: 'sample', path: '/#setup=url' };
const jobs = async (page) => {
  await press(page, /^Jobs/);
  await page.getByRole('dialog', { name: 'Jobs' }).waitFor();
  await page.waitForTimeout(4_500); // two polls: a rate
};

/**
 * Each state: what the double plays (its own name where nothing else is said), who looks (this machine), the path, what is there when the page is
 * ready, and what a person does then; `dev`: a page of development alone; `whole`: all of it, not only what one sees at once.
 * @type {Record<string, { scenario?: string, access?: string, path?: string, ready?: string, act?: (page: import('@playwright/test').Page,
 *   double: { socket(state: 'on' | 'off'): Promise<unknown> }) => Promise<unknown>, dev?: boolean, whole?: boolean }>}
 */
const STATES = {
  // The page itself.
  busy: {},
  empty: { ready: 'footer' },
  failing: {},
  observe: {},
  gap: {},
  'config-error': {},
  fleet: {},
  'fleet-64': {},
  missing: {},
  'l3-degraded': {},
  slow: { ready: '[aria-busy="true"]' },
  'api-500': { ready: '[role="alert"]' },
  dropped: {
    scenario: 'busy',
    act: async (page, double) => {
      await page.getByText('Live', { exact: true }).first().waitFor();
      await double.socket('off');
      await page.getByText('Reconnecting').first().waitFor();
    },
  },
  route: {
    scenario: 'busy',
    path: '/?service=chat&route=%2Fapi%2Fchats%2F%3Aid%2Fhistory',
    whole: true,
  },
  reason: { scenario: 'busy', path: '/?service=chat&route=%2Fapi%2Fme&reason=set-cookie', whole: true },
  window: {
    scenario: 'busy',
    act: async (page) => {
      await press(page, 'Earlier');
      await page.waitForURL(/from=\d/);
    },
  },
  'window-dialog': {
    scenario: 'busy',
    act: async (page) => {
      await press(page, 'Custom…');
      await dialog(page);
    },
  },
  change: {
    scenario: 'busy',
    act: async (page) => page.getByRole('region', { name: 'What changed' }).getByRole('button').first().click(),
  },
  requests: {
    scenario: 'busy',
    path: '/?tab=requests',
    act: async (page) => {
      const grid = page.getByRole('grid', { name: 'Live requests' });
      await grid.getByRole('row').nth(5).waitFor();
      await page.getByRole('tab', { name: 'Live requests' }).scrollIntoViewIfNeeded();
      await grid.press('ArrowUp'); // rows move on under a pointer: the keyboard holds them
      await grid.press('Enter');
    },
  },
  'requests-filter': {
    scenario: 'busy',
    path: '/?tab=requests&tail-statuses=4xx&tail-services=chat',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Live requests' }).scrollIntoViewIfNeeded();
      await page.getByRole('grid', { name: 'Live requests' }).getByRole('row').nth(3).waitFor();
    },
  },
  // Jobs.
  jobs: { act: jobs },
  'job-failed': { act: jobs },
  'jobs-away': { act: jobs },
  // What opens above it.
  help: { scenario: 'busy', act: async (page) => (await page.keyboard.press('?'), dialog(page)) },
  palette: { scenario: 'busy', act: (page) => key(page, 'Control+k') },
  search: { scenario: 'busy', act: (page) => find(page, '/', 'history 4') },
  clear: { scenario: 'busy', act: (page) => clear(page, 'tag', 'chat:42') },
  'clear-everything': {
    scenario: 'failing',
    act: async (page) => {
      await clear(page, 'all', 'production');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  toast: {
    scenario: 'busy',
    act: async (page) => {
      await clear(page, 'tag', 'chat:42');
      await page.keyboard.press('Enter');
      await note(page, /Marked stale/);
    },
  },
  mode: { scenario: 'busy', act: async (page) => (await press(page, /^Mode/), dialog(page)) },
  // The first minute.
  sample: {},
  'sample-burst': {
    scenario: 'sample',
    act: async (page) => {
      // On a phone it's folded away.
      const more = page.getByRole('region', { name: 'Sample' }).getByRole('button', { name: 'More' });
      if (await more.isVisible()) await more.click();
      await press(page, /^Send 1,000/);
      await page
        .getByText(/answered, 1 origin call/)
        .first()
        .waitFor();
    },
  },
  setup: SETUP,
  'setup-unreachable': { ...SETUP, act: (page) => tryMine(page, 'unreachable') },
  'setup-reached': { ...SETUP, act: (page) => tryMine(page, 'reached') },
  'setup-watch': { ...SETUP, act: (page) => tryMine(page, 'watch') },
  'setup-policy': { ...SETUP, act: (page) => tryMine(page, 'policy') },
  'setup-keep': { ...SETUP, act: (page) => tryMine(page, 'keep') },
  trial: { ...SETUP, act: (page) => tryMine(page) },
  // Other pages.
  api: { scenario: 'busy', path: '/docs/api', ready: 'article' },
  'api-try': {
    scenario: 'busy',
    path: '/docs/api',
    ready: 'article',
    act: async (page) => {
      const asked = page.locator('#getOverview');
      await asked.getByRole('button', { name: 'Try it' }).click();
      await asked.getByRole('button', { name: 'Send' }).click();
      await page.getByLabel('Body of the answer').waitFor();
    },
  },
  login: {
    scenario: 'busy',
    access: 'nobody',
    path: '/login',
    ready: 'form',
    act: async (page) => {
      await page.getByLabel('E-mail address').fill('mara@shop.example');
      await page.getByLabel('Password', { exact: true }).fill('not this one');
      await press(page, 'Log in');
      await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    },
  },
  'login-wait': {
    scenario: 'busy',
    access: 'nobody',
    path: '/login',
    ready: 'form',
    act: async (page) => {
      await page.getByLabel('E-mail address').fill('hasty@shop.example');
      await page.getByLabel('Password', { exact: true }).fill('not this one');
      await press(page, 'Log in');
      await page.getByRole('alert').filter({ hasText: 'Too many' }).waitFor();
    },
  },
  'join-first': {
    scenario: 'busy',
    access: 'nobody',
    path: '/join#first-secret',
    ready: 'form',
    act: async (page) => {
      await page.getByLabel('Password', { exact: true }).fill('short');
      await press(page, 'Make the account');
    },
  },
  'join-person': { scenario: 'busy', access: 'nobody', path: '/join#person-secret', ready: 'form' },
  'join-gone': { scenario: 'busy', access: 'nobody', path: '/join#used', ready: 'h1:has-text("work")' },
  account: {
    scenario: 'busy',
    act: async (page) => {
      const account = page.getByRole('button', { name: /^Account/ });
      await ((await account.isVisible()) ? account : page.getByRole('button', { name: /Menu$/ })).click();
      await dialog(page);
    },
  },
  'account-person': {
    scenario: 'busy',
    access: 'operator',
    act: async (page) => {
      const account = page.getByRole('button', { name: /^Account/ });
      await ((await account.isVisible()) ? account : page.getByRole('button', { name: /Menu$/ })).click();
      await dialog(page);
    },
  },
  'viewer-sample': { scenario: 'sample', access: 'viewer' },
  'viewer-palette': { scenario: 'busy', access: 'viewer', act: (page) => find(page, 'Control+k', 'clear') },
  people: settings('admin', 'people'),
  'people-add': settings('admin', 'people', async (page) => {
    await press(page, 'Add somebody…');
    await dialog(page);
    await press(page, 'Add, and make a link');
  }),
  'people-link': settings('admin', 'people', async (page) => {
    await press(page, 'New link for Inês Carvalho');
    await dialog(page);
  }),
  'people-role': settings('admin', 'people', async (page) => {
    await page.getByRole('combobox', { name: 'Role of Jonas Weber' }).selectOption('admin');
    await dialog(page);
  }),
  'people-refused': settings('viewer', 'people', undefined, 'section:has-text("Needs the role")'),
  sessions: settings('admin', 'sessions'),
  'sessions-local': settings('local', 'sessions', undefined, 'section:has-text("no session")'),
  tokens: settings('admin', 'tokens', async (page) => press(page, 'Revoke Prometheus')),
  'tokens-make': settings('admin', 'tokens', async (page) => {
    await press(page, 'Make a token…');
    await dialog(page);
  }),
  'tokens-secret': settings('admin', 'tokens', async (page) => {
    await press(page, 'Make a token…');
    await page.getByLabel('Name', { exact: true }).fill('Grafana');
    await page.getByRole('checkbox', { name: /^metrics/ }).check();
    await press(page, 'Make the token');
    await page.getByText('Try it:').waitFor();
  }),
  journal: settings('admin', 'journal', async (page) => {
    await page
      .getByRole('button', { name: /^Switched the mode/ })
      .first()
      .click();
  }),
  'journal-none': settings('admin', 'journal&journal-text=nothing', undefined, 'section:has-text("like that")'),
  configuration: settings('admin', 'configuration', async (page) => {
    await page.getByRole('table').getByRole('button', { expanded: false }).nth(1).click();
    await page.getByLabel(/^Changes of the version/).waitFor();
  }),
  'configuration-import': settings('admin', 'configuration', async (page) => {
    await press(page, 'Import…');
    await page.getByRole('dialog').getByRole('textbox').fill('services:\n  - name: shop\n    mode: turbo\n');
    await press(page, 'Check');
    await page.getByRole('alert', { name: 'Faults' }).waitFor();
  }),
  'not-found': { scenario: 'busy', path: '/nowhere', ready: 'h1' },
  // Parts on their own.
  gallery: { scenario: 'busy', path: '/gallery', dev: true, whole: true },
};

const out = flag('out', '.pitwall/screenshots');
const given = flag('url');
const onDemand = process.argv.includes('--dev');
const wanted = flag('only')?.split(',') ?? (given === undefined ? Object.keys(STATES) : ['live']);
const themes = flag('themes', 'light,dark').split(',');
const sizes = flag('sizes', 'desk,phone').split(',');

/** Starts the double; resolves to what it can do. */
async function startDouble(dev) {
  const child = spawn('node_modules/.bin/node', ['tests/support/console-fixture.ts', ...(dev ? ['--dev'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: dev ? 'development' : 'production' },
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const found = /fixture ready (\S+)/.exec(String(chunk));
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the double ended with ${code}`)));
  });
  const put = (path) => fetch(`${url}/fixture/${path}`, { method: 'PUT' });
  return {
    url,
    scenario: (name) => put(`scenario/${name}`),
    access: (who) => put(`access/${who}`),
    socket: (state) => put(`socket/${state}`),
    stop: () => child.kill('SIGTERM'),
  };
}

/** One double for each way to serve pages, started when it's needed first. */
const doubles = new Map();
const doubleFor = async (dev) => {
  if (!doubles.has(dev)) doubles.set(dev, await startDouble(dev));
  return doubles.get(dev);
};

/** A message that a state brings about by itself. */
const EXPECTED = /React DevTools|\[HMR\]|\[Fast Refresh\]|status of (401|404|429|503)|WebSocket connection/;

async function shoot(page, name, size, theme) {
  const {
    scenario = name,
    access = 'local',
    path = '/',
    ready = CHARTS,
    act,
    dev = onDemand,
    whole = false,
  } = STATES[name] ?? {};
  const double = given === undefined ? await doubleFor(dev) : { url: given, scenario() {}, access() {}, socket() {} };
  await double.scenario(scenario);
  await double.access(access);
  page.on('console', (message) => {
    if (!EXPECTED.test(message.text())) process.stdout.write(`  ${name}: console: ${message.text()}\n`);
  });
  page.on('pageerror', (error) => process.stdout.write(`  ${name}: error: ${error.message}\n`));
  await page.goto(double.url + path);
  await page.locator(ready).first().waitFor();
  await act?.(page, double);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) process.stdout.write(`  ${name}: ${wide} px too wide on a ${size}\n`);
  const long = await page.evaluate(() => document.documentElement.scrollHeight);
  const file = `${out}/${name}-${theme}-${size}.png`;
  await page.screenshot({ path: file, fullPage: long < 8_000 && (size === 'phone' || whole) });
  process.stdout.write(`${file}\n`);
  await double.socket('on');
}

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const name of wanted) {
    for (const theme of themes) {
      for (const size of sizes) {
        const page = await browser.newPage({ viewport: SIZES[size], colorScheme: theme });
        await shoot(page, name, size, theme).catch((error) => {
          process.stdout.write(`  ${name}-${theme}-${size}: ${error.message.split('\n')[0]}\n`);
          process.exitCode = 1;
        });
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
  for (const double of doubles.values()) double.stop();
}
