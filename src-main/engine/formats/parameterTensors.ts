import type { Parameter } from '../autodiff/tensor.ts';
import { keep, scope } from '../autodiff/scope.ts';
import { cast, fromValues } from '../ops/index.ts';
import { bytesOf, toFloat32 } from './elementTypes.ts';
import type { SafetensorsFile, TensorEntry, TensorToWrite } from './safetensors.ts';

/** A parameter as a float32 tensor of a file; its values leave the backend only when they are written. */
export function tensorToWrite(name: string, parameter: Parameter): TensorToWrite {
  return {
    name,
    type: 'F32',
    shape: parameter.shape,
    bytes() {
      let bytes: Uint8Array = new Uint8Array();
      scope(() => {
        bytes = bytesOf(cast(parameter.value, 'float32').values());
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
