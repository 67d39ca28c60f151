import ipaddr from 'ipaddr.js';

/** Addresses remembered with their verdict; peers repeat. */
const REMEMBERED = 4_096;

/**
 * Whether a peer's word about the client is believed (`trustedProxies`).
 *
 * @param blocks addresses and CIDR blocks, validated by lib/config
 */
export function createTrust(blocks: readonly string[]): (address: string) => boolean {
  if (blocks.length === 0) return () => false;
  const ranges = blocks.map((block) =>
    block.includes('/') ? ipaddr.parseCIDR(block) : ipaddr.parseCIDR(`${block}/${block.includes(':') ? 128 : 32}`),
  );
  const verdicts = new Map<string, boolean>();

  return (address) => {
    const known = verdicts.get(address);
    if (known !== undefined) return known;
    const verdict = ipaddr.isValid(address) && ranges.some((range) => within(address, range));
    if (verdicts.size >= REMEMBERED) verdicts.clear();
    verdicts.set(address, verdict);
    return verdict;
  };
}

function within(address: string, [network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  const parsed = ipaddr.process(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

/**
 * The client's address: the peer's, or, walking X-Forwarded-For from the right, the first that isn't trusted.
 *
 * @param forwardedFor the joined header; entries that aren't addresses end the walk
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: (address: string) => boolean,
): string {
  let client = peer;
  const chain = forwardedFor?.split(',') ?? [];
  while (trusted(client) && chain.length > 0) {
    const next = (chain.pop() as string).trim();
    if (!ipaddr.isValid(next)) break;
    client = next;
  }
  return client;
}
