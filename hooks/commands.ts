/** Where a command stands in the palette and in the help, in this order. */
export const COMMAND_GROUPS = ['Go to', 'Time', 'Act', 'Console'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** One thing that can be done: found in the palette, listed in the help, and pressed where it has keys. */
export interface Command {
  /** Stable: what was used lately is remembered by it. */
  readonly id: string;
  readonly group: CommandGroup;
  readonly title: string;
  /** Other words that people look for it by. */
  readonly words?: string;
  /** Not in the palette: it's what opens it. */
  readonly unlisted?: boolean;
  /** Each does it: "p", "Space", "Mod+k" (Ctrl or Cmd), "g p" (one after the other). */
  readonly keys?: readonly string[];
  /** Left out where whatever has the focus does it: the help tells of it, and nothing else. */
  readonly run?: () => void;
  /** Why whoever asks may not; null or left out where they may. It's listed all the same. */
  readonly refused?: string | null;
}

/** Every command that can be had now; the one table behind palette, shortcuts and help. */
export interface Commands {
  /** `read` is asked each time, so that a command never acts on an old state. Returns the function that ends it. */
  register(read: () => readonly Command[]): () => void;
  /** In order of the groups; of two with one id the newer. */
  list(): readonly Command[];
}

export function createCommands(): Commands {
  const sources = new Set<() => readonly Command[]>();
  return {
    register(read) {
      sources.add(read);
      return () => sources.delete(read);
    },
    list() {
      const all = new Map<string, Command>();
      for (const read of sources) for (const command of read()) all.set(command.id, command);
      const rank = ({ group }: Command) => COMMAND_GROUPS.indexOf(group);
      return [...all.values()].sort((a, b) => rank(a) - rank(b));
    },
  };
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** A press in the notation of `Command.keys`; null for one that never is a command's, such as Shift alone. */
export function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | null {
  if (altKey || ['Shift', 'Control', 'Meta', 'Alt', 'AltGraph', 'CapsLock', 'Dead'].includes(key)) return null;
  // Caps Lock is no other key.
  const name = key === ' ' ? 'Space' : /^[A-Z]$/.test(key) && !shiftKey ? key.toLowerCase() : key;
  return ctrlKey || metaKey ? `Mod+${name.toLowerCase()}` : name;
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The keys of one shortcut as they are written on the keyboard, in order: "Mod+k" is ["Ctrl", "K"], or ["⌘", "K"]. */
export function keyCaps(keys: string, mac: boolean): readonly string[] {
  return keys.split(' ').flatMap((key) => {
    if (key.startsWith('Mod+')) return [mac ? '⌘' : 'Ctrl', key.slice(4).toUpperCase()];
    return [SHOWN[key] ?? key];
  });
}
