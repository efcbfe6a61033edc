import type { DType, HostValues, Shape } from './backend.ts';
import { sizeOf } from './shapes.ts';
import { type TensorFlowBinding, nativeTypes, typeAttribute } from './tensorflowBinding.ts';

const bitcastToInt32 = [typeAttribute('type', nativeTypes.int32)];
const bitcastToUint16 = [typeAttribute('type', nativeTypes.uint16)];
const castToInt32 = [typeAttribute('DstT', nativeTypes.int32)];

/** Runs an operation with one result and lets go of its first input. */
function consume(
  binding: TensorFlowBinding,
  name: string,
  attributes: Parameters<TensorFlowBinding['executeOp']>[1],
  inputs: readonly [number, ...number[]],
): number {
  try {
    const [output] = binding.executeOp(name, attributes, inputs, 1);
    if (!output) throw new Error(`TensorFlow's ${name} gave no result.`);
    return output.id;
  } finally {
    binding.deleteTensor(inputs[0]);
  }
}

function expectType(matches: boolean, values: HostValues, dtype: DType): void {
  if (!matches) throw new Error(`A ${dtype} tensor cannot be made of a ${values.constructor.name}.`);
}

/**
 * Copies values into a new native tensor. The binding takes no 16-bit arrays: those go as bytes `[..., 2]` and are
 * read as 16-bit numbers there.
 */
export function uploadValues(
  binding: TensorFlowBinding,
  values: HostValues,
  shape: Shape,
  dtype: DType,
): number {
  switch (dtype) {
    case 'float32':
      expectType(values instanceof Float32Array, values, dtype);
      break;
    case 'int32':
      expectType(values instanceof Int32Array, values, dtype);
      break;
    case 'uint8':
    case 'bool':
      expectType(values instanceof Uint8Array, values, dtype);
      break;
    case 'bfloat16':
    case 'float16': {
      expectType(values instanceof Uint16Array, values, dtype);
      const bytes = new Uint8Array(values.slice().buffer);
      const id = binding.createTensor([...shape, 2], nativeTypes.uint8, bytes);
      return consume(binding, 'Bitcast', [typeAttribute('type', nativeTypes[dtype])], [id]);
    }
    default:
      dtype satisfies never;
  }
  const copy = values.slice();
  if (copy instanceof Uint16Array) throw new Error(`A ${dtype} tensor cannot be made of a Uint16Array.`);
  return binding.createTensor(shape, nativeTypes[dtype], copy);
}

/** Copies a native tensor's values out. The binding reads no 16-bit or uint8 tensors: those come as int32. */
export function downloadValues(
  binding: TensorFlowBinding,
  id: number,
  shape: Shape,
  dtype: DType,
): HostValues {
  if (dtype === 'uint8') {
    const wide = consumeCopy(binding, 'Cast', castToInt32, id);
    return Uint8Array.from(takeValues(binding, wide));
  }
  if (dtype !== 'bfloat16' && dtype !== 'float16') return binding.tensorDataSync(id);
  const size = sizeOf(shape);
  if (size % 2 === 0) {
    const target = binding.createTensor([2], nativeTypes.int32, Int32Array.of(size / 2, 2));
    let pairs: number;
    try {
      pairs = consumeCopy(binding, 'Reshape', [], id, target);
    } finally {
      binding.deleteTensor(target);
    }
    return new Uint16Array(takeValues(binding, consume(binding, 'Bitcast', bitcastToInt32, [pairs])).buffer);
  }
  const halves = consumeCopy(binding, 'Bitcast', bitcastToUint16, id);
  return Uint16Array.from(takeValues(binding, consume(binding, 'Cast', castToInt32, [halves])));
}

/** Runs an operation with one result, leaving its inputs. */
function consumeCopy(
  binding: TensorFlowBinding,
  name: string,
  attributes: Parameters<TensorFlowBinding['executeOp']>[1],
  ...inputs: number[]
): number {
  const [output] = binding.executeOp(name, attributes, inputs, 1);
  if (!output) throw new Error(`TensorFlow's ${name} gave no result.`);
  return output.id;
}

function takeValues(binding: TensorFlowBinding, id: number): Float32Array | Int32Array | Uint8Array {
  try {
    return binding.tensorDataSync(id);
  } finally {
    binding.deleteTensor(id);
  }
}
