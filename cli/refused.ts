import { sessionStateSchema } from '../lib/contracts/session.ts';
import { authorization } from '../lib/config/token.ts';

/** Longest wait for an answer, ms. */
const DEADLINE_MS = 2_000;

/** Why a console lets nobody in, in a sentence; undefined when it lets one in, or there's none. */
export async function whyRefused(console: URL): Promise<string | undefined> {
  try {
    const address = new URL('/api/session', console);
    const response = await fetch(address, { headers: authorization(), signal: AbortSignal.timeout(DEADLINE_MS) });
    if (response.status === 401) {
      const why = 'authorization' in authorization() ? 'doesn’t take PITWALL_TOKEN' : 'asks for a log-in';
      return `The console at ${console.origin} ${why}: set PITWALL_TOKEN to an API token with the scope look.`;
    }
    const session = sessionStateSchema.safeParse(await response.json());
    if (!session.success || session.data.permissions.includes('look')) return undefined;
    return `The token in PITWALL_TOKEN may not look at ${console.origin}: make one with the scope look.`;
  } catch {
    return undefined;
  }
}
