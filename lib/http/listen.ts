import type { Server } from 'node:http';
import { PitwallError } from '../kernel/errors.ts';

const REASON: Readonly<Record<string, { code: 'port_in_use' | 'config_invalid'; says: string }>> = {
  EADDRINUSE: { code: 'port_in_use', says: 'is in use' },
  EACCES: { code: 'port_in_use', says: 'needs rights that this user lacks' },
  EADDRNOTAVAIL: { code: 'config_invalid', says: "isn't on an address of this machine" },
  ENOTFOUND: { code: 'config_invalid', says: "isn't on an address of this machine" },
};

/**
 * Binds the console's port; resolves with the port (the system's choice for 0).
 * Rejects with one sentence that names the port and the variable that changes it.
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const reason = REASON[error.code ?? ''];
      const sentence =
        reason === undefined
          ? `The console can't listen on ${host}:${port}: ${error.message}.`
          : `Port ${port} on ${host} ${reason.says}: set ${reason.code === 'port_in_use' ? `PORT to another one, for example PORT=${port + 1}` : 'HOST to one, for example HOST=127.0.0.1'}.`;
      reject(new PitwallError(reason?.code ?? 'internal', sentence, { cause: error }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
