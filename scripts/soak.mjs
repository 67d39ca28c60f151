#!/usr/bin/env node
// npm run soak [-- --minutes 60] [--every 60] [--url http://…]: the real page on live data for as long as that. Prints,
// after a forced collection each time, what the page holds, and at the end whether it grows.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { prepare } from './setup/prepare.mjs';
import { serverEnvironment } from './setup/runtime.mjs';
import { growthPerHour, isFlat, settled } from './soak-trend.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: { minutes: { type: 'string' }, every: { type: 'string' }, url: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 60);
const everySeconds = Number(values.every ?? 60);

/** Starts the product with its sample on free ports. @param {string} node */
async function startServer(node) {
  const data = mkdtempSync(join(tmpdir(), 'pitwall-soak-'));
  const child = spawn(node, ['server.ts'], {
    cwd: root,
    env: {
      ...serverEnvironment(root),
      NODE_ENV: 'production',
      PORT: '0',
      GATEWAY_PORT: '0',
      PITWALL_DATA_DIR: data,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const found = /^Console\s+(http:\S+)/m.exec(text)?.[1];
      if (found && /^Try it/m.test(text)) resolve(found);
    });
  });
  return {
    url,
    pid: child.pid,
    async stop() {
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process, bytes; NaN where there is no /proc. @param {number | undefined} pid */
function residentBytes(pid) {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number.NaN;
  }
}

/** @param {import('@playwright/test').Page} page @param {number | undefined} pid */
async function watchPage(page, pid) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.enable');
  const started = performance.now();
  /** @type {import('./soak-trend.mjs').Reading[]} */
  const readings = [];
  console.log('  min   heap MiB    nodes  listeners  script ms/s  server MiB');
  let before = { at: started, script: 0 };
  for (let due = 0; due <= minutes * 60; due += everySeconds) {
    await pause(Math.max(0, started + due * 1_000 - performance.now()), undefined, { signal: ending.signal });
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    /** @param {string} name */
    const metric = (name) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    const at = performance.now();
    const script = metric('ScriptDuration') * 1_000;
    const reading = {
      minute: (at - started) / 60_000,
      heap: metric('JSHeapUsedSize'),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      server: residentBytes(pid),
    };
    readings.push(reading);
    const cells = [
      reading.minute.toFixed(0).padStart(5),
      (reading.heap / 1_048_576).toFixed(2).padStart(10),
      String(reading.nodes).padStart(8),
      String(reading.listeners).padStart(10),
      (((script - before.script) / (at - before.at)) * 1_000).toFixed(0).padStart(12),
      (reading.server / 1_048_576).toFixed(0).padStart(11),
    ];
    console.log(cells.join(' '));
    before = { at, script };
  }
  return readings;
}

const ending = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => ending.abort());
const { node } = await prepare(root, { build: values.url === undefined });
const server =
  values.url === undefined ? await startServer(node) : { url: values.url, pid: undefined, async stop() {} };
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  handleSIGINT: false,
  handleSIGTERM: false,
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  /** @type {string[]} */
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(server.url);
  await page.getByTestId('plot').first().waitFor();
  console.log(`${server.url} for ${minutes} min, one reading each ${everySeconds} s.`);
  const rest = settled(await watchPage(page, server.pid));
  const trend = Object.entries(growthPerHour(rest)).map(([name, { perHour, share }]) => {
    const amount =
      name === 'heap' || name === 'server' ? `${(perHour / 1_048_576).toFixed(2)} MiB` : perHour.toFixed(0);
    return `${name} ${amount}/h (${(100 * share).toFixed(1)} %)`;
  });
  console.log(`Trend after the first quarter: ${trend.join(', ')}.`);
  if (said.length > 0) console.log(`The browser's console said:\n${said.join('\n')}`);
  const flat = isFlat(rest);
  console.log(flat && said.length === 0 ? 'Flat.' : 'Not flat, or not quiet.');
  process.exitCode = flat && said.length === 0 ? 0 : 1;
} catch (error) {
  if (!ending.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await browser.close();
  await server.stop();
}
