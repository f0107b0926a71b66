export * from './confusion';
export * from './score-histogram';
