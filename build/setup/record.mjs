/** What set-up found out, kept for the workbench in `node_modules/.tunebench-setup.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { findExecutable } from './command.mjs';

/**
 * @typedef {object} SetupRecord
 * @property {'tensorflow' | 'portable'} backend which backend the engine uses
 * @property {'compiled' | 'prebuilt' | null} source where the TensorFlow binding came from
 * @property {LocalizedText | null} reason why it is not the compiled one, as a sentence; null where it is
 * @property {string | null} libraryVersion of libtensorflow
 * @property {string | null} bindingPath the binding's absolute path
 * @property {string | null} kernelsPath the fused kernels' absolute path; null where they are not used
 * @property {LocalizedText | null} kernelsReason why they are not used
 * @property {string | null} kernelsTried fingerprint of the kernels that were last compiled, with success or without
 * @property {boolean} cuda whether the CUDA build is installed
 * @property {LocalizedText | null} cudaReason why CUDA is not used, where it was asked for
 * @property {string | null} libraryId the libraries the binding is linked with
 * @property {Tools} tools the programs that were on PATH
 */

/** @typedef {Record<import('./messages.mjs').Language, string>} LocalizedText */
/** @typedef {{ python: string | null, compiler: string | null }} Tools */

/**
 * The record, or null where there is none that can be read.
 * @param {import('./paths.mjs').ProjectPaths} paths
 * @returns {SetupRecord | null}
 */
export function readRecord(paths) {
  if (!existsSync(paths.record)) return null;
  try {
    return JSON.parse(readFileSync(paths.record, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {import('./paths.mjs').ProjectPaths} paths @param {SetupRecord} record */
export async function writeRecord(paths, record) {
  const partial = `${paths.record}.partial-${process.pid}`;
  await writeFile(partial, `${JSON.stringify(record, null, 2)}\n`);
  await rename(partial, paths.record);
}

/** The programs set-up needs that are on PATH now. @returns {Tools} */
export function findTools() {
  return {
    python: findExecutable([process.env.PYTHON ?? 'python3', 'python3', 'python']),
    compiler: findExecutable([process.env.CXX ?? 'g++', 'g++', 'clang++', 'c++']),
  };
}

/**
 * Whether a machine that had to make do with less is worth another attempt: only where its programs changed, so that
 * an offline machine does not wait for the network at every start.
 * @param {SetupRecord} record
 * @param {Tools} tools
 * @returns {boolean}
 */
export function worthRetrying(record, tools) {
  return record.tools.python !== tools.python || record.tools.compiler !== tools.compiler;
}
