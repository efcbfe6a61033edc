export * from './childProcess.ts';
export * from './fileSystem.ts';
export type * from './signatures.ts';
