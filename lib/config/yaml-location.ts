import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** One step down: where the key or item stands, and what is below it. */
function step(document: Document, node: unknown, key: PropertyKey): { at: Node; below: unknown } | undefined {
  const parent = resolved(document, node);
  if (isSeq(parent) && typeof key === 'number') {
    const item = parent.items[key] as Node | undefined;
    return item === undefined ? undefined : { at: item, below: item };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key: name }) => isScalar(name) && String(name.value) === String(key));
  return pair === undefined ? undefined : { at: pair.key as Node, below: pair.value };
}

/**
 * Offset in the text of the setting at `path`; of the nearest thing around it when it isn't there (a missing
 * setting, one that came through a merge key).
 */
export function locate(document: Document, path: readonly PropertyKey[]): number {
  let at: Node | null | undefined = document.contents;
  let below: unknown = document.contents;
  for (const key of path) {
    const next = step(document, below, key);
    if (next === undefined) break;
    ({ at, below } = next);
  }
  return at?.range?.[0] ?? 0;
}
