/*
 * Takes pictures of the console in every state, both themes, at a desk and on a phone:
 *   node scripts/screenshots.mjs [--url http://127.0.0.1:3000] [--out .pitwall/screenshots] [--only busy,failing]
 * Without --url it starts the console's double (tests/support/console-fixture.ts) on the last build.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};

const out = flag('out', '.pitwall/screenshots');
const given = flag('url');
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const SCENARIOS = [
  'busy',
  'empty',
  'failing',
  'observe',
  'sample',
  'gap',
  'config-error',
  'fleet',
  'fleet-64',
  'missing',
  'l3-degraded',
  'jobs',
  'job-failed',
  'jobs-away',
  'api-500',
  'slow',
  'dropped',
];
const wanted = flag('only')?.split(',') ?? (given === undefined ? SCENARIOS : ['live']);
const themes = flag('themes', 'light,dark').split(',');
const sizes = flag('sizes', 'desk,phone').split(',');

/** Starts the double; resolves to its URL and the way to end it. */
async function startFixture() {
  const child = spawn('node_modules/.bin/node', ['tests/support/console-fixture.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const found = /fixture ready (\S+)/.exec(String(chunk));
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the fixture ended with ${code}`)));
  });
  return { url, stop: () => child.kill('SIGTERM') };
}

mkdirSync(out, { recursive: true });
const fixture = given === undefined ? await startFixture() : { url: given, stop() {} };
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const put = (path) => fetch(`${fixture.url}/fixture/${path}`, { method: 'PUT' });

async function shoot() {
  for (const scenario of wanted) {
    if (given === undefined) await put(`scenario/${scenario === 'dropped' ? 'busy' : scenario}`);
    for (const theme of themes) {
      for (const size of sizes) {
        const page = await browser.newPage({ viewport: SIZES[size], colorScheme: theme });
        page.on('console', (message) => process.stdout.write(`  console: ${message.text()}\n`));
        page.on('pageerror', (error) => process.stdout.write(`  error: ${error.message}\n`));
        await page.goto(fixture.url);
        if (scenario === 'slow') await page.waitForSelector('[aria-busy="true"]');
        else if (scenario === 'api-500') await page.waitForSelector('[role="alert"]');
        else await page.waitForSelector(scenario === 'empty' ? 'footer' : '.recharts-surface');
        if (scenario === 'dropped') {
          await page.getByText('Live', { exact: true }).first().waitFor();
          await put('socket/off');
          await page.getByText('Reconnecting').first().waitFor();
        }
        if (scenario.startsWith('job')) {
          await page.getByRole('button', { name: /^Jobs/ }).click();
          await page.getByRole('dialog', { name: 'Jobs' }).waitFor();
          await page.waitForTimeout(4_500); // two polls: a rate
        }
        await page.evaluate(() => document.fonts.ready);
        await page.waitForTimeout(600);
        const file = `${out}/${scenario}-${theme}-${size}.png`;
        await page.screenshot({ path: file, fullPage: size === 'phone' });
        process.stdout.write(`${file}\n`);
        await page.close();
        if (scenario === 'dropped') await put('socket/on');
      }
    }
  }
}

try {
  await shoot();
} finally {
  await browser.close();
  fixture.stop();
}
