export * from './reference-profile';
export * from './sketch';
export * from './statistics';
export * from './verdict';
