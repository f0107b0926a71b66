export * from './claims';
export * from './compact-token';
export * from './key-cache';
export * from './key-set';
export * from './token-error';
export * from './token-verifier';
