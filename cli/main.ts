import { readFileSync } from 'node:fs';
import { isUsageError, type Command, type Terminal } from './terminal.ts';

/** Loaded when called for, so that `--help` and `check` stay quick. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
  tail: async () => (await import('./tail.ts')).tail,
  replay: async () => (await import('./replay.ts')).replay,
  sample: async () => (await import('./sample.ts')).sample,
  journal: async () => (await import('./journal.ts')).journal,
};

const HELP = `pitwall: a caching gateway with a cockpit.

  pitwall check FILE [--url URL]   validate a configuration; show what happens to a URL
  pitwall explain URL              tell what a running Pitwall would do with a request, and why
  pitwall tail                     show live requests of a running Pitwall
  pitwall replay FILE.log[.gz]     replay an access log through the gateway
  pitwall sample                   run the sample origin alone
  pitwall journal verify           check that nobody changed or cut the journal

  pitwall COMMAND --help           the options of a command
  pitwall --version

"npm start" runs the product itself.
`;

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Runs one command line.
 * @param args what follows `pitwall`
 * @returns the exit code: 0 done, 1 failed, 2 called wrongly
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out.write(HELP);
    return 0;
  }
  if (name === '--version' || name === '-v') {
    terminal.out.write(`${version()}\n`);
    return 0;
  }
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    terminal.err.write(name === undefined ? HELP : `pitwall: there is no command "${name}".\n\n${HELP}`);
    return 2;
  }
  try {
    const command = await load();
    return await command(rest, terminal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    terminal.err.write(`${message}\n`);
    if (!isUsageError(error)) return 1;
    terminal.err.write(`"pitwall ${name} --help" tells the options.\n`);
    return 2;
  }
}
