export * from './body';
export * from './consumer-client';
export * from './field-schema';
export * from './ingestion';
export * from './openapi';
export * from './predictions';
export * from './problem-details';
export * from './routes';
