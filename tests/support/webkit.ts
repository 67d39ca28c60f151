import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** An element as WebDriver names it. */
type Element = Readonly<Record<string, string>>;

/** Keys that have no character of their own (WebDriver, section 17.4.2). */
export const KEY = { enter: '\uE007', escape: '\uE00C', tab: '\uE004', control: '\uE009' } as const;

export interface WebKit {
  goto(url: string): Promise<void>;
  /** Runs a function's body in the page; `arguments` are what's given. */
  run<T>(body: string, ...given: unknown[]): Promise<T>;
  /** The words that the page shows. */
  text(): Promise<string>;
  /** Clicks the first element that fits, where it is. */
  click(css: string): Promise<void>;
  /** Presses keys one after the other, or all at once. */
  press(keys: string, together?: boolean): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** What the page has written to the console, and thrown, since `goto`. */
  said(): Promise<string[]>;
  close(): Promise<void>;
}

/** Keeps in `window.said` what the page writes to the console, and what it throws; false while another page is there. */
const LISTEN = `
  if (location.href !== arguments[0]) return false;
  if (window.said !== undefined) return true;
  window.said = [];
  for (const level of ['debug', 'log', 'info', 'warn', 'error']) {
    const write = console[level];
    console[level] = (...words) => { window.said.push(level + ': ' + words.join(' ')); write(...words); };
  }
  addEventListener('error', ({ message }) => window.said.push('error: ' + message));
  addEventListener('unhandledrejection', ({ reason }) => window.said.push('unhandled: ' + reason));
  return true;`;

/** WebKitGTK's own browser under a display of its own, by WebDriver. */
export async function openWebKit(): Promise<WebKit> {
  const port = await freePort();
  const driver = spawn('xvfb-run', ['-a', '-s', '-screen 0 1600x1200x24', 'WebKitWebDriver', `--port=${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: xvfb-run doesn't pass a signal on.
    detached: true,
    env: { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1' },
  });
  let output = '';
  for (const stream of [driver.stdout, driver.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const end = async (): Promise<void> => {
    if (driver.exitCode !== null || driver.pid === undefined) return;
    const exit = once(driver, 'exit');
    process.kill(-driver.pid, 'SIGTERM');
    await exit;
  };

  async function ask<T>(method: string, path: string, body?: object, deadlineMs = 30_000): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(deadlineMs),
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  try {
    await eventually(() => ask('GET', '/status'), 20_000);
    // The driver says nothing of the console: the page is listened to as soon as it's there.
    const capabilities = { alwaysMatch: { pageLoadStrategy: 'none' } };
    const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', { capabilities });
    const at = `/session/${sessionId}`;
    const run = <T>(body: string, ...given: unknown[]): Promise<T> =>
      ask('POST', `${at}/execute/sync`, { script: body, args: given });
    return {
      run,
      async goto(url) {
        // By way of an empty page: the one before may have the same address.
        for (const next of ['about:blank', url]) {
          await ask('POST', `${at}/url`, { url: next });
          // A page may come in another process; what was asked of the one that goes is then never answered.
          const listen = { script: LISTEN, args: [next] };
          await eventually(async () => {
            if (!(await ask<boolean>('POST', `${at}/execute/sync`, listen, 2_000)))
              throw new Error(`${next} isn't there`);
          }, 20_000);
        }
      },
      text: () => run('return document.body.innerText'),
      async click(css) {
        const element = await ask<Element>('POST', `${at}/element`, { using: 'css selector', value: css });
        await ask('POST', `${at}/element/${Object.values(element)[0]}/click`);
      },
      async press(keys, together = false) {
        const [down, up] = ['keyDown', 'keyUp'].map((type) => [...keys].map((value) => ({ type, value })));
        const actions = together
          ? [...(down ?? []), ...(up ?? []).toReversed()]
          : [...keys].flatMap((value) => [
              { type: 'keyDown', value },
              { type: 'keyUp', value },
            ]);
        await ask('POST', `${at}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
      },
      resize: (width, height) => ask('POST', `${at}/window/rect`, { width, height }),
      said: () => run('return window.said'),
      async close() {
        await ask('DELETE', at).catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw new Error(`WebKit didn't start:\n${output}`, { cause: error });
  }
}
