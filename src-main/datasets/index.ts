export { type ImportOptions, type ImportPlan, planImport } from './importPlan.ts';
export { previewDataset } from './preview.ts';
export type { DatasetSource, FileSource, FolderSource } from './source.ts';
export { type DatasetRecord, type TextHash, type VersionHasher, createVersionHasher } from './versionHash.ts';
export { writeClassFolders } from './writers/folder.ts';
export { inShape, writers } from './writers/registry.ts';
export type { WriteRequest, WrittenRecord, Writer } from './writers/writer.ts';
export { labelOfRow, readHealthRows, textOfRow } from './health/readRows.ts';
export { type HealthRow, reportHealth } from './health/report.ts';
