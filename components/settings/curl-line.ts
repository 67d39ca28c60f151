import type { Permission } from '@/lib/contracts/access';

/** A command that uses a token for something that it may. */
export function curlLine(origin: string, secret: string, scopes: readonly Permission[]): string {
  const as = `curl -H 'Authorization: Bearer ${secret}'`;
  if (scopes.includes('metrics')) return `${as} ${origin}/metrics`;
  if (scopes.includes('clear')) {
    return `${as} -H 'content-type: application/json' -d '{"scope":{"tag":"chat:42"},"mode":"soft"}' ${origin}/api/cache/clear`;
  }
  if (scopes.includes('look')) return `${as} ${origin}/api/performance/overview`;
  if (scopes.includes('journal')) return `${as} ${origin}/api/journal`;
  // Says what it may.
  return `${as} ${origin}/api/session`;
}
