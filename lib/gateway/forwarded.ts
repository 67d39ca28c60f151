import { listMembers } from '../http-cache/list.ts';

/** One hop of a Forwarded field; values as they are meant, without quotes (RFC 7239 section 4). */
export interface ForwardedHop {
  /** Address without brackets and port; what isn't an address ("unknown", "_name") stays as it is. */
  readonly for?: string;
  readonly host?: string;
  /** Lower case. */
  readonly proto?: string;
}

/** A longer hop says nothing, so that reading one stays cheap. */
const MAX_HOP = 512;
const PAIR = /(?:^|;)\s*([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))\s*(?=;|$)/g;
const PORT = /^(?:\[([^\]]*)\]|([^:]*))(?::\w+)?$/;

/** The hops of a Forwarded field, the nearest to the client first. Never throws; what is malformed says nothing. */
export function parseForwarded(value: string): ForwardedHop[] {
  return listMembers(value).map((text) => {
    if (text.length > MAX_HOP) return {};
    const hop: Record<string, string> = {};
    for (const [, name = '', quoted, plain = ''] of text.matchAll(PAIR)) {
      hop[name.toLowerCase()] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
    }
    const node = hop.for === undefined ? undefined : PORT.exec(hop.for);
    return {
      ...(hop.for !== undefined && { for: node?.[1] ?? node?.[2] ?? hop.for }),
      ...(hop.host !== undefined && { host: hop.host }),
      ...(hop.proto !== undefined && { proto: hop.proto.toLowerCase() }),
    };
  });
}
