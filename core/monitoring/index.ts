export * from './window-report';
export * from './window-state';
