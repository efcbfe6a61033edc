export { type ImportOptions, type ImportPlan, planImport } from './importPlan.ts';
export { previewDataset } from './preview.ts';
export type { DatasetSource } from './source.ts';
export { type DatasetRecord, type TextHash, type VersionHasher, createVersionHasher } from './versionHash.ts';
