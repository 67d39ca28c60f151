/** In a name without its case, hyphens and underscores. */
const SECRET_NAME =
  /passw|passphrase|passcode|secret|token|authoriz|authentication$|cookie|apikey|(private|signing|encryption|access|master|shared|session|hmac|ssh)key|keymaterial|credential|bearer|otp$|(?:^|.)jwt|signature$|^sig$|^auth$|^pin$|^pwd$|^pass$|sessionid|recoverycode|backupcode/;
/** These tell of a token, and hold none. */
const HARMLESS_NAME = /token(id|ids|name|names|count|start|kind|type)$|^maxtokens$/;
/** Names whose answer is remembered: most lines have the same few. */
const MOST_KNOWN = 1_000;
/** Longest name that is remembered, characters. */
const LONGEST_KNOWN = 64;

/** A name as it's compared: `X-Api-Key`, `x_api_key` and `xApiKey` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

export interface SecretNames {
  /** Whether what stands under this name is a secret: of a header, a parameter, a field. */
  has(name: string): boolean;
  /** Replaces the names that count as secret beside the usual ones. */
  configure(names: readonly string[]): void;
}

export function createSecretNames(): SecretNames {
  let extra: ReadonlySet<string> = new Set();
  const known = new Map<string, boolean>();

  function look(name: string): boolean {
    const text = plainName(name);
    return extra.has(text) || (SECRET_NAME.test(text) && !HARMLESS_NAME.test(text));
  }

  return {
    has(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const secret = look(name);
      if (name.length <= LONGEST_KNOWN) {
        if (known.size >= MOST_KNOWN) known.clear();
        known.set(name, secret);
      }
      return secret;
    },
    configure(names) {
      extra = new Set(names.map(plainName).filter((name) => name !== ''));
      known.clear();
    },
  };
}
