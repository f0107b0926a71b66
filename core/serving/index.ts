export * from './inference-record';
export * from './input-row';
