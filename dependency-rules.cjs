/** Arrows point inward (docs/ARCHITECTURE.md); `local` stands alone and nobody imports it. */
const folder = (name) => `^${name}/`;
const only = (from, allowed) => ({
  name: `${from}-imports`,
  comment: `${from} may import ${allowed.join(', ') || 'nothing'} of the project`,
  severity: 'error',
  from: { path: folder(from) },
  to: { path: '^(bin|core|examples|lambda|lib|local|platform|bench|test)/', pathNot: [from, ...allowed].map(folder) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core', []),
    only('examples', ['core']),
    only('platform', ['core', 'examples']),
    only('lib', ['core']),
    only('lambda', ['core']),
    only('local', []),
    only('bin', ['core', 'lib']),
    {
      name: 'no-cycles',
      // The parser cannot tell a type-only import, of which local/ has some that close a circle.
      severity: 'error',
      from: { path: '^(bin|core|examples|lambda|lib|platform)/' },
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
