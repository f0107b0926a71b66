/** @type {import('jest').Config} */
module.exports = {
  displayName: 'local-aws',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!(hyparquet|hyparquet-writer)/)'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  // Tests share the machine with the processes that they start: the limit is for what hangs, not for what is slow.
  testTimeout: 30_000,
};
