import { existsSync } from 'node:fs';
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

/** With the fused kernels as a run has them, or every operation composed of the library's own. */
export type OperationForm = 'fused' | 'composed';

const { backend: choice } = readSetupRecord(projectRoot);

/** The fused kernels' library. On CI it must be there. */
export const kernelsPath =
  choice.kind === 'tensorflow' &&
  choice.kernelsPath !== undefined &&
  (existsSync(choice.kernelsPath) || process.env['CI'] === 'true')
    ? choice.kernelsPath
    : null;

/** The forms to test on this machine. */
export const availableForms: readonly OperationForm[] = kernelsPath ? ['fused', 'composed'] : ['composed'];

/** The backend set-up chose on this machine. */
export async function loadTestBackend(form: OperationForm = 'fused'): Promise<Backend> {
  if (choice.kind === 'portable') return createPortableBackend('cpu');
  Object.assign(process.env, recommendedEnvironment);
  const require = createRequire(import.meta.url);
  const binding: TensorFlowBinding = require(choice.bindingPath);
  if (form === 'composed' || kernelsPath === null) return createTensorFlowBackend(binding);
  require(kernelsPath);
  return createTensorFlowBackend(binding, { kernelsLoaded: true });
}
