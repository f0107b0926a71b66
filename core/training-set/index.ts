export * from './lake-table';
export * from './training-set';
