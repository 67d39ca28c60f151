// One gateway worker as the product runs it. `node bench/peers/gateway.ts ORIGIN-URL`; any message asks for a snapshot.
import { upstreamConfig } from '../../lib/config/resolve.ts';
import { startGateway } from '../../lib/gateway/thread.ts';

const gateway = await startGateway({
  config: upstreamConfig(process.argv[2] ?? '', 0),
  instance: 'bench',
  worker: 0,
  host: '127.0.0.1',
  port: 0,
  reusePort: false,
});
process.on('message', () => void gateway.control.snapshot().then((snapshot) => process.send?.(snapshot)));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.(gateway.url);
