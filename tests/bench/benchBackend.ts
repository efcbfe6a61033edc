import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadBackend } from '../../src-main/hosts/worker/loadBackend.ts';
import { readSetupRecord } from '../../src-main/platform/setupRecord.ts';
import { projectRoot } from '../../build/setup/paths.mjs';

/** The backend as the product's worker loads it on this machine. */
export async function loadBenchBackend(): Promise<Backend> {
  const { backend } = await loadBackend(readSetupRecord(projectRoot).backend);
  return backend;
}
