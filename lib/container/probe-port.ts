import { createServer } from 'node:net';
import { PitwallError } from '../kernel/errors.ts';

/**
 * Rejects with `port_in_use` when somebody listens on `port` already. Workers that share a port with
 * SO_REUSEPORT would otherwise share it with a second Pitwall too, without a word.
 */
export function probePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use: set GATEWAY_PORT to another one, for example GATEWAY_PORT=${port + 1}.`
          : `The gateway can't listen on ${host}:${port}: ${error.message}.`;
      reject(new PitwallError('port_in_use', sentence, { cause: error }));
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
