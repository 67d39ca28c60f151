import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets that a test sends somewhere, and finds again by their name. */
export interface PlantedSecrets {
  /** A new one under this name: 24 characters that occur nowhere by chance. */
  plant(name: string): string;
  /** One that Pitwall made, such as a token. */
  add(name: string, secret: string): string;
  /** The secret of that name. */
  get(name: string): string;
  /** The names of those in a text, as they are or in another usual form. */
  foundIn(text: string): string[];
}

export function plantedSecrets(): PlantedSecrets {
  const secrets = new Map<string, string>();
  const add = (name: string, secret: string): string => {
    secrets.set(name, secret);
    return secret;
  };
  return {
    plant: (name) => add(name, `Sx${randomBytes(11).toString('hex')}`),
    add,
    get(name) {
      const secret = secrets.get(name);
      if (secret === undefined) throw new Error(`no secret is named ${name}`);
      return secret;
    },
    foundIn(text) {
      const forms = (secret: string): string[] => [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
      ];
      return [...secrets]
        .filter(([, secret]) => forms(secret).some((form) => text.includes(form)))
        .map(([name]) => name);
    },
  };
}

/** The bytes of every file under a directory, by path below it. */
export function filesUnder(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(directory.length + 1), readFileSync(path).toString('latin1')];
    }),
  );
}
