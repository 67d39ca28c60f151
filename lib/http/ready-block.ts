import type { Source } from '../contracts/running.ts';

export interface ReadyFacts {
  readonly version: string;
  /** Since the process started, ms. */
  readonly ms: number;
  /** Of the console's port. */
  readonly url: string;
  /** Whether the console is there, or only what machines ask. */
  readonly console: boolean;
  /** Undefined in a console alone. */
  readonly gateway:
    | {
        readonly url: string;
        /** That it has to be asked by; undefined: any. */
        readonly name: string | undefined;
        readonly source: Source;
      }
    | undefined;
  /** This process's name among those that share Redis. */
  readonly instance: string | undefined;
}

/** The URL that a person on this machine opens for a bind address; a wildcard address becomes 127.0.0.1. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What the terminal shows once everything runs, framed by blank lines. */
export function readyBlock({ version, ms, url, console: pages, gateway, instance }: ReadyFacts): string {
  const lines = [`Pitwall ${version} is ready in ${Math.round(ms)} ms`];
  lines.push(pages ? `Console  ${url}` : `Health   ${url} (/healthz, /readyz, /metrics)`);
  if (instance !== undefined)
    lines.push(`Fleet    ${instance}, ${gateway === undefined ? 'a console alone' : 'on Redis'}`);
  if (gateway !== undefined) {
    const { name, source } = gateway;
    const host = name === undefined ? '' : ` -H 'Host: ${name}'`;
    lines.push(`Gateway  ${gateway.url} -> ${destination(source)}`);
    lines.push(
      `Try it twice:  curl -i${host} ${gateway.url}${source.kind === 'sample' ? '/api/chats/42/history' : '/'}`,
    );
    if (source.kind === 'sample') lines.push('Yours:  PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start');
  }
  return `\n${lines.join('\n')}\n\n`;
}

function destination(source: Source): string {
  if (source.kind === 'sample') return 'SAMPLE origin';
  if (source.kind === 'upstream') return source.url;
  return source.kind === 'console' ? 'the configuration made in the console' : source.file;
}
