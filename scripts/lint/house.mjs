import { basename } from 'node:path';

/** Names that say nothing of what a file holds: each is named for its one noun or verb. */
const DRAWERS = /^(utils?|helpers?|common|misc|stuff)$/i;

const fileName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { drawer: 'Name a file for the one noun or verb that it holds, not "{{name}}".' },
  },
  create(context) {
    return {
      Program(node) {
        const [name = ''] = basename(context.filename).split('.');
        const words = name.split(/[-_]/);
        if (words.some((word) => DRAWERS.test(word))) context.report({ node, messageId: 'drawer', data: { name } });
      },
    };
  },
};

/** A file over `over` lines says on its first line why. */
const reasonForLength = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { over: { type: 'integer' } }, additionalProperties: false }],
    messages: { reason: '{{lines}} lines: over {{over}} a file says on its first line why.' },
  },
  create(context) {
    const { over = 300 } = context.options[0] ?? {};
    return {
      Program(node) {
        const { lines, text } = context.sourceCode;
        const count = text.endsWith('\n') ? lines.length - 1 : lines.length;
        if (count <= over || /^\s*(\/\/|\/\*)/.test(lines[0] ?? '')) return;
        context.report({ node, messageId: 'reason', data: { lines: String(count), over: String(over) } });
      },
    };
  },
};

/** House rules that no published plugin has. */
export const house = {
  meta: { name: 'house' },
  rules: { 'file-name': fileName, 'reason-for-length': reasonForLength },
};
