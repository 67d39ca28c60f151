import type { Source } from '../contracts/running.ts';

export interface ReadyFacts {
  readonly version: string;
  /** Since the process started, ms. */
  readonly ms: number;
  readonly consoleUrl: string;
  readonly gatewayUrl: string;
  readonly source: Source;
}

/** The URL that a person on this machine opens for a bind address; a wildcard address becomes 127.0.0.1. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What the terminal shows once everything runs, framed by blank lines. */
export function readyBlock({ version, ms, consoleUrl, gatewayUrl, source }: ReadyFacts): string {
  const lines = [
    `Pitwall ${version} is ready in ${Math.round(ms)} ms`,
    `Console  ${consoleUrl}`,
    `Gateway  ${gatewayUrl} -> ${destination(source)}`,
    `Try it twice:  curl -i ${gatewayUrl}${source.kind === 'sample' ? '/api/chats/42/history' : '/'}`,
  ];
  if (source.kind === 'sample') lines.push('Yours:  PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start');
  return `\n${lines.join('\n')}\n\n`;
}

function destination(source: Source): string {
  if (source.kind === 'sample') return 'SAMPLE origin';
  if (source.kind === 'upstream') return source.url;
  return source.file;
}
