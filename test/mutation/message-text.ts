import type { Ignorer } from '@stryker-mutator/api/ignore';

/**
 * The one rule by which code is left unchanged: a text that people read, which is an argument of an error or of an assertion, or the
 * `title`, `message`, `description`, `detail`, `summary` or `comment` of something. Tests hold what such a text says where people act on it; that a changed
 * word goes unnoticed elsewhere is no fault of a test.
 */
export const messageText: Ignorer = {
  shouldIgnore: (path) => (isMessageText(path as SyntaxPath) ? 'a text that people read' : undefined),
};

export const MESSAGE_RULE =
  'Texts that people read (of errors, titles, messages, descriptions, details, summaries, comments) are not changed.';

const KEYS = ['title', 'message', 'description', 'detail', 'summary', 'comment'];
const TEXTS = ['StringLiteral', 'TemplateLiteral'];
const ASSERTION = /^(assert\w*|\w*Error|unknown)$/;

/** The part of Babel's path that the rule reads. */
interface SyntaxPath {
  readonly node: SyntaxNode;
  readonly parent?: SyntaxNode;
}

interface SyntaxNode {
  readonly type: string;
  readonly name?: string;
  readonly callee?: SyntaxNode;
  readonly key?: SyntaxNode;
}

function isMessageText({ node, parent }: SyntaxPath): boolean {
  if (!TEXTS.includes(node.type) || parent === undefined) return false;
  if (parent.type === 'NewExpression' || parent.type === 'CallExpression') return ASSERTION.test(parent.callee?.name ?? '');
  return parent.type === 'ObjectProperty' && parent.key !== node && KEYS.includes(parent.key?.name ?? '');
}
