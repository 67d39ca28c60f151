/** The body of every bench: JSON of so many bytes, different for each key. */
export function item(key: string, bytes = 1_024): Buffer {
  const head = `{"key":${JSON.stringify(key)},"text":"`;
  return Buffer.from(`${head}${'x'.repeat(bytes - head.length - 2)}"}`);
}
