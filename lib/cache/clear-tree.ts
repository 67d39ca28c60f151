/** What hangs on one text, in the order in which it came. */
interface Node<T> {
  /** The characters between the parent and here; '' only at the root. */
  label: string;
  readonly items: T[];
  /** By the first character code of their labels. */
  children: Map<number, Node<T>>;
}

/** Items by a text, found for every URL that begins with it: a radix tree. */
export interface PrefixTree<T> {
  add(text: string, item: T): void;
  drop(text: string, item: T): void;
  /** Calls `visit` for the items of each text with which `url` begins, shortest first, until it returns true. */
  walk(url: string, visit: (items: readonly T[]) => boolean): void;
}

export function createPrefixTree<T>(): PrefixTree<T> {
  const root: Node<T> = createNode('');

  return {
    add(text, item) {
      let node = root;
      let at = 0;
      while (at < text.length) {
        const child = node.children.get(text.charCodeAt(at));
        if (child === undefined) {
          const leaf = createNode<T>(text.slice(at));
          node.children.set(text.charCodeAt(at), leaf);
          node = leaf;
          break;
        }
        const shared = sharedLength(child.label, text, at);
        if (shared < child.label.length) split(child, shared);
        node = child;
        at += shared;
      }
      node.items.push(item);
    },

    drop(text, item) {
      const path = [root];
      for (let at = 0; at < text.length;) {
        const child = path.at(-1)?.children.get(text.charCodeAt(at));
        if (child === undefined) return;
        path.push(child);
        at += child.label.length;
      }
      const node = path.at(-1) as Node<T>;
      const index = node.items.indexOf(item);
      if (index !== -1) node.items.splice(index, 1);
      if (node.items.length > 0 || node === root) return;
      const parent = path.at(-2) as Node<T>;
      if (node.children.size === 0) parent.children.delete(node.label.charCodeAt(0));
      else join(node);
      if (parent !== root) join(parent);
    },

    walk(url, visit) {
      let node = root;
      let at = 0;
      for (;;) {
        if (node.items.length > 0 && visit(node.items)) return;
        const child = node.children.get(url.charCodeAt(at));
        if (child === undefined || !url.startsWith(child.label, at)) return;
        node = child;
        at += child.label.length;
      }
    },
  };
}

function createNode<T>(label: string): Node<T> {
  return { label, items: [], children: new Map() };
}

function sharedLength(label: string, text: string, at: number): number {
  const most = Math.min(label.length, text.length - at);
  let shared = 1;
  while (shared < most && label.charCodeAt(shared) === text.charCodeAt(at + shared)) shared++;
  return shared;
}

/** Puts what hangs on `node` below its first `length` characters. */
function split<T>(node: Node<T>, length: number): void {
  const below: Node<T> = { label: node.label.slice(length), items: node.items.splice(0), children: node.children };
  node.label = node.label.slice(0, length);
  node.children = new Map([[below.label.charCodeAt(0), below]]);
}

/** A node that holds nothing and has one child becomes that child. */
function join<T>(node: Node<T>): void {
  if (node.items.length > 0 || node.children.size !== 1) return;
  const [child] = node.children.values() as Iterable<Node<T>> as [Node<T>];
  node.label += child.label;
  node.items.push(...child.items);
  node.children = child.children;
}
