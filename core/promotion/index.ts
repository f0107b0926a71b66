export * from './canary';
export * from './champion';
export * from './evaluation-report';
export * from './gates';
