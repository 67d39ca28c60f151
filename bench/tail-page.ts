// Does the page stay smooth with 2,000 live requests a second? Long tasks (over 50 ms) with the tab open and without, in turns.
import { spawn } from 'node:child_process';
import { chromium, type Page } from '@playwright/test';
import { machine, settings } from './load/settings.ts';
import { median, table } from './load/statistics.ts';

interface Watched {
  /** Lengths of the tasks over 50 ms, ms. */
  readonly tasks: readonly number[];
  /** ms of script a second. */
  readonly script: number;
  readonly lines: number;
}

const { seconds, rounds } = settings({ seconds: 10, rounds: 3 });
const double = spawn('node_modules/.bin/node', ['tests/support/console-fixture.ts', '--scenario', 'flood'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, NODE_ENV: 'production' },
});
const url = await new Promise<string>((resolve, reject) => {
  double.stdout.on('data', (chunk: Buffer) => {
    const found = /fixture ready (\S+)/.exec(String(chunk))?.[1];
    if (found !== undefined) resolve(found);
  });
  double.once('exit', (code) => reject(new Error(`the console's double ended with ${code}`)));
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function watch(page: Page, query: string): Promise<Watched> {
  let lines = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const text = String(payload);
      if (text.includes('"requests"')) lines += text.split('"client":').length - 1;
    }),
  );
  await page.goto(`${url}/${query}`);
  await page.getByTestId('plot').first().waitFor();
  // Past the first load, and until 5,000 lines are held.
  await page.waitForTimeout(5_000);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const script = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
  };
  const before = { script: await script(), lines };
  const tasks = await page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const seen: number[] = [];
        const observer = new PerformanceObserver((list) =>
          seen.push(...list.getEntries().map((each) => each.duration)),
        );
        observer.observe({ entryTypes: ['longtask'] });
        setTimeout(() => {
          observer.disconnect();
          resolve(seen);
        }, ms);
      }),
    seconds * 1_000,
  );
  return { tasks, script: ((await script()) - before.script) / seconds, lines: (lines - before.lines) / seconds };
}

try {
  console.log(`${machine()} ${rounds} rounds of ${seconds} s, the page at 1440 × 900.`);
  const views = { 'Routes, no lines': '', 'Live requests, 2,000 lines/s': '?tab=requests' };
  const seen = new Map<string, Watched[]>(Object.keys(views).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, query] of round % 2 === 0 ? Object.entries(views) : Object.entries(views).reverse()) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      seen.get(name)?.push(await watch(page, query));
      await page.close();
    }
  }
  const rows = [...seen].map(([name, all]) => [
    name,
    median(all.map(({ lines }) => lines)).toFixed(0),
    all.map(({ tasks }) => tasks.length).join(' '),
    Math.max(0, ...all.flatMap(({ tasks }) => tasks)).toFixed(0),
    median(all.map(({ script }) => script)).toFixed(0),
  ]);
  console.log(table([['', 'lines/s received', 'tasks over 50 ms, each round', 'longest ms', 'script ms/s'], ...rows]));
} finally {
  await browser.close();
  double.removeAllListeners('exit');
  double.kill('SIGTERM');
}
