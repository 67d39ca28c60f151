import { Agent, get } from 'node:http';

/** Asks for every key once, so that what follows is all hits however slow the machine is. */
export async function fill(url: string, keys: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let next = 1;
  const client = async (): Promise<void> => {
    while (next <= keys) {
      const path = `/item/${next}`;
      next += 1;
      await new Promise<void>((resolve, reject) => {
        get(url + path, { agent }, (response) => {
          response.resume();
          response.on('end', resolve);
          response.on('error', reject);
        }).on('error', reject);
      });
    }
  };
  await Promise.all(Array.from({ length: 32 }, client));
  agent.destroy();
}
