import { checkYaml } from '../../../lib/config/yaml-file.ts';
import type { Config } from '../../../lib/contracts/policy.ts';

/** A secret that texts below hold. */
export const TOKEN = 'a-token-of-24-characters';
/** A configuration of one service. */
export const yaml = (name: string, gateway = ''): string =>
  `${gateway}services:\n  - name: ${name}\n    targets: [{ url: "http://127.0.0.1:9" }]\n`;
export const secret = (token: string): string => `gateway: { explainToken: "${token}" }\n`;

export function parsed(text: string): Config {
  const checked = checkYaml(text, '.', { cacheTtl: 0, readFile: () => '' });
  if ('config' in checked) return checked.config;
  throw new Error(JSON.stringify(checked.faults));
}
