import { parseArgs } from 'node:util';
import { explainAnswerSchema, type ExplainAnswer } from '../lib/contracts/explain.ts';
import { authorization } from '../lib/config/token.ts';
import { problemSchema } from '../lib/contracts/problem.ts';
import { describeExplanations } from './explain-report.ts';
import { CONSOLE_URL, harmless, readConsole, UsageError, type Terminal } from './terminal.ts';

const HELP = `pitwall explain URL [options]: what a running Pitwall would do with a request, and what decides it.

  URL                  as a client sends it to the gateway: its host decides which service answers
  --console URL        the console to ask                     (${CONSOLE_URL})
  -X, --method METHOD  of the request                         (GET)
  -H 'name: value'     a header of the request; may be repeated
  --json               print JSON

A console that asks for a log-in takes an API token from the environment: PITWALL_TOKEN.

Nothing is fetched, counted or moved. Exit code 1: nothing answers there, or the gateway would refuse the URL.
`;

/** Longest wait for an answer, ms. */
const DEADLINE_MS = 10_000;

/** What the console says, or why there's nothing: `failed` is a sentence. */
type Asked = { readonly answer: ExplainAnswer } | { readonly failed: string };

async function ask(address: URL): Promise<Asked> {
  const nowhere = `at ${address.origin}`;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, { headers: authorization(), signal: AbortSignal.timeout(DEADLINE_MS) });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (late) return { failed: `No answer ${nowhere} within ${DEADLINE_MS / 1_000} s.` };
    return { failed: `Nothing answers ${nowhere}. Is Pitwall running? Its console may be elsewhere: --console URL.` };
  }
  const answer = explainAnswerSchema.safeParse(body);
  if (response.ok && answer.success) return { answer: answer.data };
  const problem = problemSchema.safeParse(body);
  if (problem.success) return { failed: harmless(problem.data.detail) };
  return { failed: `What answers ${nowhere} (with ${response.status}) isn't a Pitwall console of this version.` };
}

/** `pitwall explain`: GET /api/cache/explain, for people. */
export async function explain(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      console: { type: 'string', default: CONSOLE_URL },
      method: { type: 'string', short: 'X', default: 'GET' },
      header: { type: 'string', short: 'H', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.out.write(HELP);
    return 0;
  }
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new UsageError('"pitwall explain" expects one URL.');
  if (!/^https?:\/\//i.test(url)) throw new UsageError(`It takes a whole URL, http:// or https://, got "${url}".`);
  const address = new URL('/api/cache/explain', readConsole(values.console));
  address.searchParams.set('url', url);
  address.searchParams.set('method', values.method.toUpperCase());
  for (const header of values.header) address.searchParams.append('header', header);

  const asked = await ask(address);
  if ('failed' in asked) {
    terminal.err.write(`${asked.failed}\n`);
    return 1;
  }
  const { answer } = asked;
  terminal.out.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : `${describeExplanations(answer)}\n`);
  return 0;
}
