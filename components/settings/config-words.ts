import type { ConfigVersion } from '@/lib/contracts/config-versions';
import type { Source } from '@/lib/contracts/running';

/** How a version came to run. */
export const WAY: Readonly<Record<ConfigVersion['way'], string>> = {
  start: 'At the start',
  file: 'File changed',
  import: 'Imported',
  restore: 'Restored',
};

/** Where what runs comes from. */
export function sourceWords(source: Source): string {
  if (source.kind === 'sample') return 'The bundled sample';
  if (source.kind === 'upstream') return `In front of ${source.url}`;
  return source.kind === 'file' ? `The file ${source.file}` : 'Made in this console';
}
