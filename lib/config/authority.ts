export type Authority = { readonly pem: string } | { readonly fault: string };

/** The certificate authorities in a PEM file, or what is wrong with it in words. */
export function readAuthority(file: string, readFile: (path: string) => string): Authority {
  let pem: string;
  try {
    pem = readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `can't read the file ${file}${code}` };
  }
  return pem.includes('-----BEGIN CERTIFICATE-----') ? { pem } : { fault: `${file} holds no PEM certificate` };
}
