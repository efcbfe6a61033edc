import type { Parameter } from '../autodiff/tensor.ts';
import { keep, scope } from '../autodiff/scope.ts';
import type { SavedTensor } from '../methods/method.ts';
import { cast, fromValues } from '../ops/index.ts';
import { bytesOf, toFloat32 } from './elementTypes.ts';
import type { SafetensorsFile, TensorEntry, TensorToWrite } from './safetensors.ts';

/** A parameter, or what parameters come to, as a float32 tensor of a file; its values leave the backend only when they are written. */
export function tensorToWrite(name: string, tensor: SavedTensor): TensorToWrite {
  return {
    name,
    type: 'F32',
    shape: tensor.shape,
    bytes() {
      let bytes: Uint8Array = new Uint8Array();
      scope(() => {
        const value = 'compute' in tensor ? tensor.compute() : tensor.value;
        bytes = bytesOf(cast(value, 'float32').values());
      });
      return bytes;
    },
  };
}

/** Replaces a parameter's values by those of a tensor of the same shape. */
export function assignFrom(parameter: Parameter, file: SafetensorsFile, entry: TensorEntry): void {
  const values = toFloat32(file.read(entry), entry.type);
  const { backend } = parameter.value;
  parameter.assign(scope(() => keep(fromValues(backend, values, entry.shape, 'float32'))));
}
