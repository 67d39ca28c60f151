import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Config } from '../contracts/policy.ts';

export interface WatchOptions {
  readonly file: string;
  /** The text that runs now, so that a change between its reading and the watching isn't lost. */
  readonly text?: string;
  /** Parses the file's text; throws one message when it's invalid. */
  readonly load: (text: string) => Config;
  /** A valid file, to be run; also when a refused file returns to what runs already. */
  readonly onChange: (config: Config, text: string) => void;
  /** The new file is refused and the old one runs on. Once per content. */
  readonly onError: (message: string) => void;
  /** Quiet time after a change before the file is read, ms: editors write in several steps. */
  readonly settleMs?: number;
  /** The file is also read this often, for file systems that report no changes, ms. */
  readonly pollMs?: number;
}

export interface ConfigWatch {
  close(): void;
}

/** What was last seen in the file: a text, or why there was none. */
type Seen = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unreadable'; readonly why: string };

async function look(file: string): Promise<Seen> {
  try {
    return { kind: 'text', text: await readFile(file, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { kind: 'unreadable', why: code === 'ENOENT' ? 'the file is gone' : code };
  }
}

function same(a: Seen, b: Seen | undefined): boolean {
  if (a.kind === 'text') return b?.kind === 'text' && a.text === b.text;
  return b?.kind === 'unreadable' && a.why === b.why;
}

/**
 * Hot reload. Watches the directory, since editors and orchestrators replace the file; compares contents, so that
 * touching it does nothing. Certificate files that it names aren't watched.
 */
export function watchConfig(options: WatchOptions): ConfigWatch {
  const { file, load, onChange, onError, settleMs = 100, pollMs = 2_000 } = options;
  let seen: Seen | undefined = options.text === undefined ? undefined : { kind: 'text', text: options.text };
  let closed = false;
  let settling: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;

  function take(now: Seen): void {
    seen = now;
    if (now.kind === 'unreadable') {
      onError(`The configuration ${file} can't be read: ${now.why}.`);
      return;
    }
    try {
      onChange(load(now.text), now.text);
    } catch (failure) {
      onError(failure instanceof Error ? failure.message : String(failure));
    }
  }

  async function check(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      const now = await look(file);
      // Without a text to start from, the first look is the start.
      if (!closed && seen !== undefined && !same(now, seen)) take(now);
      else seen ??= now;
    } while (again && !closed);
    looking = false;
  }

  function settle(): void {
    clearTimeout(settling);
    settling = setTimeout(() => void check(), settleMs);
    settling.unref();
  }

  const poll = setInterval(() => void check(), pollMs);
  poll.unref();

  let watcher: FSWatcher | undefined;
  try {
    const name = basename(file);
    watcher = watch(dirname(file), { persistent: false }, (_event, changed) => {
      // Other names count too: a link of a mounted volume changes under a name of its own.
      if (changed === null || changed === name || changed.startsWith('..')) settle();
    });
    // The poll goes on where watching ends, as when the directory is removed.
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  settle();

  return {
    close() {
      closed = true;
      clearTimeout(settling);
      clearInterval(poll);
      watcher?.close();
    },
  };
}
