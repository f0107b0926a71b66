const CLASS = /(\[(?:\\.|[^\]\\])*\])/u;
/** Escapes that mean nothing beyond the character itself are errors in a Unicode expression of JavaScript. */
const IDLE_ESCAPE = /\\([^\w^$\\.*+?()[\]{}|/-]|_)/gu;
const POSIX: Readonly<Record<string, string>> = { Print: '\\x20-\\x7e', Alnum: 'a-zA-Z0-9' };

function posix(text: string, inClass: boolean): string {
  return text.replace(/\\p\{(Print|Alnum)\}/gu, (_, name: string) => (inClass ? POSIX[name] : `[${POSIX[name]}]`) ?? '');
}

/** Next to a shorthand a hyphen cannot span a range: there it is itself. */
function translateClass(text: string): string {
  return posix(text.replace(IDLE_ESCAPE, '$1'), true)
    .replace(/(\\[wdsWDS]|\\p\{\w+\})-(?!\])/gu, '$1\\-')
    .replace(/(?<!\\)-(?=\\[wdsWDS])/gu, '\\-');
}

function translateText(text: string): string {
  return posix(text.replace(IDLE_ESCAPE, '$1').replaceAll('\\-', '-'), false).replaceAll('\\A', '^').replaceAll('\\z', '$');
}

/** A pattern of a service's model (Java's grammar), for the whole text. Throws a SyntaxError for what JavaScript cannot express. */
export function wholeText(pattern: string): RegExp {
  const all = pattern.startsWith('(?s)');
  const parts = (all ? pattern.slice(4) : pattern).split(CLASS);
  const source = parts.map((part, index) => (index % 2 === 1 ? translateClass(part) : translateText(part))).join('');
  return new RegExp(`^(?:${source})$`, all ? 'su' : 'u');
}
