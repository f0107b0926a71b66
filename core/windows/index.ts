export * from './observation';
export * from './partial';
export * from './plan';
export * from './record';
export * from './tile';
