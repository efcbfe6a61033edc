import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Backend } from '../../../src-main/engine/backend/backend.ts';
import { createPortableBackend } from '../../../src-main/engine/backend/portable.ts';
import {
  type TensorFlowBinding,
  createTensorFlowBackend,
  recommendedEnvironment,
} from '../../../src-main/engine/backend/tensorflow.ts';
import { readSetupRecord } from '../../../src-main/platform/setupRecord.ts';

export const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** The backend set-up chose on this machine. */
export async function loadTestBackend(): Promise<Backend> {
  const { backend } = readSetupRecord(projectRoot);
  if (backend.kind === 'portable') return createPortableBackend('cpu');
  Object.assign(process.env, recommendedEnvironment);
  const binding: TensorFlowBinding = createRequire(import.meta.url)(backend.bindingPath);
  return createTensorFlowBackend(binding);
}
