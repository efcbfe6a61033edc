import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { createPortableBackend } from '../../../../src-main/engine/backend/portable.ts';
import {
  type TensorFlowBinding,
  createTensorFlowBackend,
  recommendedEnvironment,
} from '../../../../src-main/engine/backend/tensorflow.ts';
import { kernelsPath } from '../testBackend.ts';

/** `fused`: the native backend with the fused kernels. */
export type BackendKind = 'tensorflow' | 'fused' | 'wasm' | 'cpu';

const root = join(import.meta.dirname, '../../../..');
const bindingPath = join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');

/** Whether set-up could build the native binding here. On CI it must have. */
export const hasTensorFlow = existsSync(bindingPath) || process.env['CI'] === 'true';

/** Whether the fused kernels were built here. On CI they must have been. */
export const hasKernels = hasTensorFlow && (kernelsPath !== null || process.env['CI'] === 'true');

const native: { fused: Backend | null; tensorflow: Backend | null } = { fused: null, tensorflow: null };

/** The backend of that kind; one a process. */
export async function openBackend(kind: BackendKind): Promise<Backend> {
  if (kind === 'wasm' || kind === 'cpu') return createPortableBackend(kind);
  const known = native[kind];
  if (known) return known;
  Object.assign(process.env, recommendedEnvironment, process.env);
  const require = createRequire(import.meta.url);
  const binding: TensorFlowBinding = require(bindingPath);
  if (kind === 'fused') require(kernelsPath ?? '');
  const opened = createTensorFlowBackend(binding, { kernelsLoaded: kind === 'fused' });
  native[kind] = opened;
  return opened;
}

/** The backends to test on here: native where it was built, and WebAssembly. */
export const testedKinds: readonly BackendKind[] = hasTensorFlow ? ['tensorflow', 'wasm'] : ['wasm'];
