export * from './decide';
export * from './lease';
export * from './ledger';
export * from './run-parameters';
export * from './training-spans';
