/** Arrows point inward (docs/ARCHITECTURE.md); a package stands alone, and what uses it starts it as a process. */
const folder = (name) => `^${name}/`;
const only = (from, allowed) => ({
  name: `${from}-imports`,
  comment: `${from} may import ${allowed.join(', ') || 'nothing'} of the project`,
  severity: 'error',
  from: { path: folder(from) },
  to: { path: '^(bin|core|examples|lambda|lib|packages|platform|bench|test)/', pathNot: [from, ...allowed].map(folder) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core', []),
    only('examples', ['core']),
    only('platform', ['core', 'examples']),
    only('lib', ['core']),
    only('lambda', ['core']),
    only('packages', []),
    only('bin', ['core', 'lib']),
    {
      name: 'packages-are-not-imported',
      comment: 'what uses a package starts its program',
      severity: 'error',
      from: { path: '^(bench|test)/' },
      to: { path: folder('packages') },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^packages/[^/]+/(bench|test|tools)/' },
    },
    {
      name: 'no-cycles',
      // Type-only imports count: the parser does not tell them from others.
      severity: 'error',
      from: { path: '^(bin|core|examples|lambda|lib|platform|packages/[^/]+/src)/' },
      to: { circular: true },
    },
    {
      name: 'core-is-pure',
      comment: 'core knows no AWS and no input or output',
      severity: 'error',
      from: { path: folder('core') },
      to: { path: '(@aws-sdk|aws-cdk-lib|^fs$|^node:fs$|^node:http|^node:net|^node:child_process)' },
    },
    {
      name: 'sdk-only-in-adapters',
      comment: 'handlers take their dependencies as arguments',
      severity: 'error',
      from: { path: folder('lambda'), pathNot: ['/adapters/', '/index\\.ts$'] },
      to: { path: '@aws-sdk/' },
    },
  ],
  options: { tsPreCompilationDeps: false, doNotFollow: { path: 'node_modules' }, exclude: { path: 'node_modules' }, parser: 'swc' },
};
