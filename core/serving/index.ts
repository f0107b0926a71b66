export * from './inference-entry';
export * from './input-row';
