export { chooseHubFiles } from './hubFiles.ts';
export { type ImportOptions, type ImportPlan, planImport } from './importPlan.ts';
export { detectLayout, readRows } from './layout.ts';
export { previewDataset } from './preview.ts';
export type { DatasetSource, FileSource, FolderSource } from './source.ts';
export { type DatasetRecord, type TextHash, type VersionHasher, createVersionHasher } from './versionHash.ts';
export {
  type SourceRow,
  createNoveltyCheck,
  drawRows,
  expandedColumn,
  fillInstruction,
  sourceRow,
  tidyAnswer,
  withAcceptedTexts,
} from './expansion.ts';
export { writeClassFolders } from './writers/folder.ts';
export { inShape, writers } from './writers/registry.ts';
export type { WriteRequest, WrittenRecord, Writer } from './writers/writer.ts';
export { labelOfRow, readHealthRows, textOfRow } from './health/readRows.ts';
export { applyFix, rowsAfter } from './fixes/applyFix.ts';
export { type FixPlan, planFix } from './fixes/planFix.ts';
export { runCheck } from './health/checks.ts';
export {
  type CountTokens,
  type HealthRow,
  type Material,
  type RowCheck,
  createMaterial,
  originFacts,
} from './health/material.ts';
export { reportHealth } from './health/report.ts';
export { type SplitRow, planFolds, planSplit, splitsOfFold } from './splitting/planSplit.ts';
export { type RowChange, diffRecords } from './versions/diffRecords.ts';
export { type HistoryMoves, findHistoryMoves } from './versions/history.ts';
export { cohenKappa, fleissKappa, krippendorffAlpha, rawAgreement } from './agreement/agreement.ts';
export { jaccard, shinglesOf } from './health/minHash.ts';
export { normalizeText } from './health/normalize.ts';
