/** The body of every bench: 1 KiB of JSON, different for each key. */
export function item(key: string): Buffer {
  const head = `{"key":${JSON.stringify(key)},"text":"`;
  return Buffer.from(`${head}${'x'.repeat(1_024 - head.length - 2)}"}`);
}
