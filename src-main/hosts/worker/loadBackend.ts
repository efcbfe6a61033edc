import { createRequire } from 'node:module';
import os from 'node:os';
import type { BackendChoice } from '../../contract/worker.ts';
import type { Backend } from '../../engine/backend/backend.ts';
import { createPortableBackend } from '../../engine/backend/portable.ts';
import { type TensorFlowBinding, createTensorFlowBackend } from '../../engine/backend/tensorflow.ts';

const require = createRequire(import.meta.url);

function isBinding(loaded: unknown): loaded is TensorFlowBinding {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    typeof Reflect.get(loaded, 'executeOp') === 'function' &&
    typeof Reflect.get(loaded, 'createTensor') === 'function'
  );
}

/** The tensors to compute with, and the version of the library behind them. */
export interface LoadedBackend {
  readonly backend: Backend;
  readonly libraryVersion: string;
}

/** Registers the fused kernels with libtensorflow, which must be in the process already. Training works without them. */
function loadKernels(kernelsPath: string): boolean {
  try {
    require(kernelsPath);
    return true;
  } catch (error) {
    process.stderr.write(`The fused kernels ${kernelsPath} do not load: ${String(error)}\n`);
    return false;
  }
}

function loadTensorFlow(bindingPath: string, kernelsPath: string | undefined): LoadedBackend {
  const binding: unknown = require(bindingPath);
  if (!isBinding(binding)) throw new Error(`${bindingPath} is not a TensorFlow binding.`);
  const device = binding.isUsingGpuDevice() ? 'GPU' : `CPU, ${os.availableParallelism()} threads`;
  return {
    backend: createTensorFlowBackend(binding, {
      device,
      kernelsLoaded: kernelsPath !== undefined && loadKernels(kernelsPath),
    }),
    libraryVersion: `TensorFlow ${binding.TF_Version}`,
  };
}

async function loadPortable(): Promise<LoadedBackend> {
  try {
    return {
      backend: await createPortableBackend('wasm'),
      libraryVersion: 'tfjs WebAssembly',
    };
  } catch (error) {
    process.stderr.write(`WebAssembly is not available: ${String(error)}\n`);
    return { backend: await createPortableBackend('cpu'), libraryVersion: 'tfjs JavaScript' };
  }
}

/** Loads the backend set-up has chosen. */
export async function loadBackend(choice: BackendChoice): Promise<LoadedBackend> {
  switch (choice.kind) {
    case 'tensorflow':
      return loadTensorFlow(choice.bindingPath, choice.kernelsPath);
    case 'portable':
      return loadPortable();
    default:
      return choice satisfies never;
  }
}
