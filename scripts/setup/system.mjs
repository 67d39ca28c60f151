import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { Plain, inWords, say } from './say.mjs';

/** Programs that the tests use beside Node's packages, and where each comes from. */
const PROGRAMS = [
  { name: 'chromium', debian: 'chromium', mac: 'brew install --cask chromium' },
  { name: 'firefox-esr', debian: 'firefox-esr', mac: 'brew install --cask firefox@esr' },
  { name: 'WebKitWebDriver', debian: 'webkit2gtk-driver', mac: 'use a Linux machine for WebKit' },
  { name: 'xvfb-run', debian: 'xvfb xauth', mac: 'use a Linux machine for Xvfb' },
  { name: 'promtool', debian: 'prometheus', mac: 'brew install prometheus' },
  { name: 'redis-server', debian: 'redis-server', mac: 'brew install redis' },
  { name: 'initdb', debian: 'postgresql', mac: 'brew install postgresql' },
];

/** Debian keeps PostgreSQL's server programs off PATH, one folder per version. */
const POSTGRESQL = '/usr/lib/postgresql';

/** @returns {string[]} */
function foldersOffPath() {
  return existsSync(POSTGRESQL) ? readdirSync(POSTGRESQL).map((version) => join(POSTGRESQL, version, 'bin')) : [];
}

/** @param {string} name @param {string | undefined} path undefined = PATH, and where Debian hides programs */
function isOnPath(name, path) {
  const folders =
    path === undefined ? [...(process.env.PATH ?? '').split(delimiter), ...foldersOffPath()] : path.split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Programs of the tests that this machine lacks. @param {string} [path] */
export function missingPrograms(path) {
  return PROGRAMS.filter((program) => !isOnPath(program.name, path));
}

/** The sentence for a machine on which nothing may be installed unasked. @param {readonly { name: string, debian: string, mac: string }[]} missing */
export function howToInstall(missing) {
  const names = missing.map((program) => program.name).join(' and ');
  const debian = missing.map((program) => program.debian).join(' ');
  const mac = missing.map((program) => program.mac).join(' && ');
  return `The tests need ${names}. Debian or Ubuntu: sudo apt-get install ${debian}. Mac: ${mac}.`;
}

/**
 * Brings the programs of the tests: with apt-get as root on Debian, else it names them and fails.
 * @param {string} root
 */
export async function ensurePrograms(root) {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Plain(howToInstall(missing));
  const packages = missing.flatMap((program) => program.debian.split(' '));
  say(`Installing ${packages.join(', ')} …`);
  // RUNLEVEL=1: a package that brings a service isn't to start it here.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const update = await run('apt-get', ['update', '-qq'], { cwd: root, env });
  const install = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    cwd: root,
    env,
  });
  const still = missingPrograms();
  if (still.length > 0) {
    process.stderr.write(update.output + install.output);
    throw new Plain(
      `apt-get did not bring ${still.map((program) => program.name).join(' and ')}; its message is above.`,
    );
  }
  say(`Installed in ${inWords(update.ms + install.ms)}.`);
}
