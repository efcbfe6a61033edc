import type { Backend } from './backend.ts';

/** Tensors on tfjs: WebAssembly where its binary can be had, else plain JavaScript. */
export declare function createPortableBackend(
  kind: 'wasm' | 'cpu',
  options?: { readonly wasmFolder?: string },
): Promise<Backend>;
