/** @type {import('jest').Config} */
const base = {
  testEnvironment: 'node',
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
};

module.exports = {
  // One limit, for what hangs: how long a test takes is the machine's affair.
  testTimeout: 1_800_000,
  testSequencer: '<rootDir>/test/longest-first.js',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: ['/test/integ/'] },
    { ...base, displayName: 'integ', testMatch: ['<rootDir>/test/integ/**/*.test.ts'] },
    '<rootDir>/packages/local-aws',
  ],
};
