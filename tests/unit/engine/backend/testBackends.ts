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

export type BackendKind = 'tensorflow' | 'wasm' | 'cpu';

const root = join(import.meta.dirname, '../../../..');
const bindingPath = join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');

/** Whether set-up could build the native binding here. On CI it must have. */
export const hasTensorFlow = existsSync(bindingPath) || process.env['CI'] === 'true';

let tensorflow: Backend | null = null;

/** The backend of that kind; one a process. */
export async function openBackend(kind: BackendKind): Promise<Backend> {
  if (kind !== 'tensorflow') return createPortableBackend(kind);
  if (!tensorflow) {
    Object.assign(process.env, recommendedEnvironment, process.env);
    const binding: TensorFlowBinding = createRequire(import.meta.url)(bindingPath);
    tensorflow = createTensorFlowBackend(binding);
  }
  return tensorflow;
}

/** The backends to test on here: native where it was built, and WebAssembly. */
export const testedKinds: readonly BackendKind[] = hasTensorFlow ? ['tensorflow', 'wasm'] : ['wasm'];
