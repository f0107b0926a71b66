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
  // One limit, for what hangs: how long a test takes is the machine's affair.
  testTimeout: 1_800_000,
};
