import type { IncomingHttpHeaders } from 'node:http';
import type { ProbeStep } from '../contracts/onboarding.ts';

interface Words {
  readonly why: string;
  readonly next: string;
}

const DEADLINE: Readonly<Record<ProbeStep, string>> = {
  dns: 'The name wasn’t resolved in time.',
  tcp: 'Nothing accepted a connection in time: the address may be wrong, or a firewall drops what it gets.',
  tls: 'The connection is there, but the TLS handshake didn’t finish in time.',
  http: 'The connection is there, but no answer came in time.',
};

/** Why a probe failed at a step, and what to do about it. @param code Node's error code, or PROBE_DEADLINE */
export function whyNot(step: ProbeStep, code: string, url: URL): Words {
  const { hostname, protocol } = url;
  const port = url.port || (protocol === 'https:' ? '443' : '80');
  const known: Readonly<Record<string, Words>> = {
    PROBE_DEADLINE: { why: DEADLINE[step], next: 'Check host, port and firewall, then probe again.' },
    ENOTFOUND: { why: `There is no host named ${hostname}.`, next: 'Check the spelling, or name its address.' },
    EAI_AGAIN: {
      why: `The name ${hostname} can’t be resolved at the moment.`,
      next: 'Check this machine’s name servers, or name the address.',
    },
    ECONNREFUSED: {
      why: `Nothing listens on port ${port} of ${hostname}.`,
      next: 'Start the service, or correct the port.',
    },
    EHOSTUNREACH: { why: `There is no way to ${hostname} from here.`, next: 'Check the network, or the VPN.' },
    ENETUNREACH: { why: `There is no way to ${hostname} from here.`, next: 'Check the network, or the VPN.' },
    ETIMEDOUT: { why: DEADLINE.tcp, next: 'Check host, port and firewall, then probe again.' },
    CERT_HAS_EXPIRED: { why: 'Its certificate has expired.', next: 'Renew the certificate.' },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      why: `Its certificate is for another name than ${hostname}.`,
      next: 'Use the name in the certificate, or set serverName on the target in a configuration file.',
    },
    HPE_HEADER_OVERFLOW: {
      why: 'The head of its answer is larger than 16 KiB.',
      next: 'Send fewer or shorter headers.',
    },
  };
  const words = known[code];
  if (words !== undefined) return words;
  if (/SELF_SIGNED|UNABLE_TO_|CERT_/.test(code)) {
    return {
      why: `Its certificate isn’t trusted here (${code}).`,
      next: 'Name its authority with ca on the target in a configuration file.',
    };
  }
  if (step === 'tls') {
    return { why: `It doesn’t speak TLS on port ${port}.`, next: 'Try http:// instead of https://.' };
  }
  if (code.startsWith('HPE_')) {
    return { why: 'What it answers isn’t HTTP/1.1.', next: 'Name the port on which it speaks HTTP.' };
  }
  if (step === 'http') {
    return {
      why: `It closed the connection without an answer${code === '' ? '' : ` (${code})`}.`,
      next: protocol === 'http:' ? 'If it speaks TLS on this port, try https://.' : 'Look into its log.',
    };
  }
  return { why: `It can’t be reached${code === '' ? '' : ` (${code})`}.`, next: 'Check the URL, then probe again.' };
}

/** What is worth knowing about an answer, whole sentences. */
export function notesOn(status: number, headers: IncomingHttpHeaders): string[] {
  const notes: string[] = [];
  const location = headers.location;
  if (status >= 500) notes.push(`It answers ${status} here: errors are passed on, and never stored.`);
  else if (status >= 300 && status < 400 && location !== undefined) {
    notes.push(`It redirects to ${location.slice(0, 200)}: redirects are passed on to clients, not followed.`);
  } else if (status === 401 || status === 403) {
    notes.push(`It answers ${status} here: what needs a log-in isn’t shared unless the origin says so.`);
  } else if (status === 404) notes.push('There is nothing at this path itself; that’s fine if there is under it.');
  if (headers['cache-control'] === undefined) {
    notes.push('No Cache-Control here: such answers are cached only where a policy gives them a ttl.');
  }
  if (headers['set-cookie'] !== undefined) notes.push('It sets a cookie here: such answers aren’t stored.');
  if (headers.vary === '*') notes.push('It says Vary: * here: such answers are never reused.');
  return notes;
}
