// The floor for a gateway on Node: a bare node:http server that answers from a Map. `node bench/peers/floor.ts KEYS`
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { item } from '../load/item.ts';

const answers = new Map<string, Buffer>();
for (let key = 1; key <= Number(process.argv[2]); key += 1) answers.set(`/item/${key}`, item(`/item/${key}`));

const server = createServer((request, response) => {
  const body = answers.get(request.url ?? '');
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
