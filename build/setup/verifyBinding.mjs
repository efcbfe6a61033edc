/** Loads a TensorFlow binding, multiplies two matrices with it and prints what it is. Run by set-up under Node 24. */
import { createRequire } from 'node:module';

const path = process.argv[2];
if (!path) throw new Error('usage: verifyBinding.mjs PATH');
const binding = createRequire(import.meta.url)(path);

const matrix = binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
const attributes = [
  { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
];
const [product] = binding.executeOp('MatMul', attributes, [matrix, matrix], 1);
const values = Array.from(binding.tensorDataSync(product.id));
if (values.join() !== '7,10,15,22') throw new Error(`[1 2; 3 4] squared came out as ${values.join()}`);
binding.deleteTensor(matrix);
binding.deleteTensor(product.id);

console.log(JSON.stringify({ version: binding.TF_Version, gpu: binding.isUsingGpuDevice() }));
