// The origin behind the caches, in a process of its own. `node bench/peers/origin.ts [delay ms] [body bytes]`
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { item } from '../load/item.ts';

const delay = Number(process.argv[2] ?? 0);
const bytes = Number(process.argv[3] ?? 1_024);
let calls = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  calls += 1;
  const body = item(request.url ?? '/', bytes);
  const answer = (): void => {
    response.writeHead(200, [
      'Content-Type',
      'application/json',
      'Content-Length',
      String(body.length),
      'Cache-Control',
      'max-age=3600',
    ]);
    response.end(body);
  };
  if (delay > 0) setTimeout(answer, delay);
  else answer();
});
process.on('message', () => process.send?.(calls));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
