/**
 * The header by which a command says who it is to a console that asks: PITWALL_TOKEN, never an argument, which others
 * on the machine could read.
 */
export function authorization(env: Readonly<Record<string, string | undefined>> = process.env): Record<string, string> {
  const token = env.PITWALL_TOKEN?.trim() ?? '';
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
