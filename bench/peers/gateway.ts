// Gateway workers as the product runs them. `node bench/peers/gateway.ts ORIGIN-URL [--workers N]`; any message asks
// for the first one's snapshot.
import { parseArgs } from 'node:util';
import { upstreamConfig } from '../../lib/config/resolve.ts';
import { startGateway, type GatewayThread } from '../../lib/gateway/thread.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { workers: { type: 'string' } } });
const workers = Number(values.workers ?? 1);
const threads: GatewayThread[] = [];
for (let worker = 0; worker < workers; worker += 1) {
  threads.push(
    await startGateway({
      config: upstreamConfig(positionals[0] ?? '', 0),
      instance: 'bench',
      worker,
      host: '127.0.0.1',
      port: threads[0]?.port ?? 0,
      reusePort: workers > 1,
    }),
  );
}
const [first] = threads;
process.on('message', () => void first?.control.snapshot().then((snapshot) => process.send?.(snapshot)));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.(first?.url);
