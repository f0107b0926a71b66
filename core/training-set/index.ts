export * from './lake-table';
export * from './record-sql';
export * from './training-set';
