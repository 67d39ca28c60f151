import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { probePort } from '../../../lib/container/probe-port.ts';

describe('looking whether a port is free', () => {
  it('leaves a free port free', async () => {
    await probePort('127.0.0.1', 0);
  });

  it('refuses one that somebody shares already, although sharing would work', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen({ host: '127.0.0.1', port: 0, reusePort: true }, resolve));
    const { port } = first.address() as AddressInfo;
    try {
      await expect(probePort('127.0.0.1', port)).rejects.toMatchObject({
        code: 'port_in_use',
        message: `Port ${port} on 127.0.0.1 is in use: set GATEWAY_PORT to another one, for example GATEWAY_PORT=${port + 1}.`,
      });
    } finally {
      first.close();
    }
  });

  it('says why an address can’t be listened on', async () => {
    await expect(probePort('192.0.2.1', 0)).rejects.toMatchObject({ message: /can't listen on 192\.0\.2\.1:0/ });
  });
});
