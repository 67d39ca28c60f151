// An open-loop client in a process of its own. `node bench/peers/steady-client.ts`; each message
// { urls, perSecond, seconds } is answered with { sent, failed, latencies } (ms from the time a request was due:
// a server that stalls isn't spared the requests that would have come meanwhile).
import { Agent, get } from 'node:http';

interface Order {
  readonly urls: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function finish(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    }).on('error', () => resolve(false));
  });
}

async function carryOut({ urls, perSecond, seconds }: Order): Promise<void> {
  const total = Math.round(perSecond * seconds);
  const latencies: number[] = [];
  let sent = 0;
  let failed = 0;
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond));
      for (; sent < due; sent += 1) {
        const dueAt = started + (sent / perSecond) * 1_000;
        void finish(urls[sent % urls.length] as string).then((good) => {
          if (good) latencies.push(performance.now() - dueAt);
          else failed += 1;
          if (latencies.length + failed < total) return;
          clearInterval(timer);
          resolve();
        });
      }
    }, 1);
  });
  process.send?.({ sent, failed, latencies });
}

process.on('message', (order) => void carryOut(order as Order));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.('ready');
