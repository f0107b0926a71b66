/** @type {import('jest').Config} */
const base = {
  testEnvironment: 'node',
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
};

module.exports = {
  // Two tests at a time on two cores: the limit is for what hangs, not for what is slow.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/longest-first.js',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: ['/test/integ/'] },
    { ...base, displayName: 'integ', testMatch: ['<rootDir>/test/integ/**/*.test.ts'] },
    '<rootDir>/packages/local-aws',
  ],
};
