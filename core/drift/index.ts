export * from './baseline-profile';
export * from './sketch';
export * from './statistics';
export * from './verdict';
