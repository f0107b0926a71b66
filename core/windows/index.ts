export * from './entity-event';
export * from './plan';
export * from './record';
export * from './tile';
export * from './tile-page';
