interface Node {
  /** The characters between the parent and here; '' only at the root. */
  label: string;
  /** The text that ends here. */
  text: string | undefined;
  /** By the first character code of their labels. */
  children: Map<number, Node>;
}

/** Texts, found for every URL that begins with them: a radix tree. */
export interface PrefixTree {
  add(text: string): void;
  drop(text: string): void;
  /** Calls `visit` with each text with which `url` begins, shortest first, until it returns true. */
  walk(url: string, visit: (text: string) => boolean): void;
}

export function createPrefixTree(): PrefixTree {
  const root = createNode('');

  return {
    add(text) {
      let node = root;
      let at = 0;
      while (at < text.length) {
        const child = node.children.get(text.charCodeAt(at));
        if (child === undefined) {
          const leaf = createNode(text.slice(at));
          node.children.set(text.charCodeAt(at), leaf);
          node = leaf;
          break;
        }
        const shared = sharedLength(child.label, text, at);
        if (shared < child.label.length) split(child, shared);
        node = child;
        at += shared;
      }
      node.text = text;
    },

    drop(text) {
      const path = [root];
      for (let at = 0; at < text.length;) {
        const child = path.at(-1)?.children.get(text.charCodeAt(at));
        if (child === undefined) return;
        path.push(child);
        at += child.label.length;
      }
      const node = path.at(-1) as Node;
      if (node.text !== text) return;
      node.text = undefined;
      if (node === root) return;
      const parent = path.at(-2) as Node;
      if (node.children.size === 0) parent.children.delete(node.label.charCodeAt(0));
      else join(node);
      if (parent !== root) join(parent);
    },

    walk(url, visit) {
      let node = root;
      let at = 0;
      for (;;) {
        if (node.text !== undefined && visit(node.text)) return;
        const child = node.children.get(url.charCodeAt(at));
        if (child === undefined || !url.startsWith(child.label, at)) return;
        node = child;
        at += child.label.length;
      }
    },
  };
}

function createNode(label: string): Node {
  return { label, text: undefined, children: new Map() };
}

function sharedLength(label: string, text: string, at: number): number {
  const most = Math.min(label.length, text.length - at);
  let shared = 1;
  while (shared < most && label.charCodeAt(shared) === text.charCodeAt(at + shared)) shared++;
  return shared;
}

/** Puts what hangs on `node` below its first `length` characters. */
function split(node: Node, length: number): void {
  const below: Node = { label: node.label.slice(length), text: node.text, children: node.children };
  node.label = node.label.slice(0, length);
  node.text = undefined;
  node.children = new Map([[below.label.charCodeAt(0), below]]);
}

/** A node where no text ends and that has one child becomes that child. */
function join(node: Node): void {
  if (node.text !== undefined || node.children.size !== 1) return;
  const [child] = node.children.values() as Iterable<Node> as [Node];
  node.label += child.label;
  node.text = child.text;
  node.children = child.children;
}
