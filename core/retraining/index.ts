export * from './decide';
export * from './lease';
export * from './ledger';
export * from './training-spans';
