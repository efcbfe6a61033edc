import { TunebenchError } from '../../contract/errors/index.ts';
import { keep } from '../autodiff/scope.ts';
import { type Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles, FolderWriter } from '../files.ts';
import type { AdamW } from '../optim/adamw.ts';
import {
  type SafetensorsFile,
  type TensorToWrite,
  openSafetensors,
  writeSafetensors,
} from './safetensors.ts';

const stateFile = 'state.json';
const weightsFile = 'weights.safetensors';
const optimizerFile = 'optimizer.safetensors';

/** The moments of one parameter and the number of updates behind them. */
interface MomentEntry {
  readonly name: string;
  readonly steps: number;
}

interface StateRecord<Position> {
  readonly version: 1;
  readonly position: Position;
  readonly moments: readonly MomentEntry[];
}

function bytesOf(tensor: Tensor): Uint8Array {
  const values = tensor.values();
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function describeTensor(name: string, tensor: Tensor): TensorToWrite {
  return { name, type: 'F32', shape: tensor.shape, bytes: () => bytesOf(tensor) };
}

/**
 * Writes everything a run needs to go on exactly where it is: trainable weights, optimiser and position. Random numbers
 * need no state of their own: they are functions of seed and position.
 * @returns the folder's size in bytes
 */
export function writeTrainingState(
  files: FolderWriter,
  folder: string,
  state: { readonly position: object; readonly parameters: readonly Parameter[]; readonly optimizer: AdamW },
): number {
  const { position, parameters, optimizer } = state;
  const moments = [...optimizer.moments].map(([parameter, { steps }]) => ({ name: parameter.name, steps }));
  const record: StateRecord<object> = { version: 1, position, moments };
  return files.writeFolder(folder, (file) => {
    writeSafetensors(
      file(weightsFile),
      parameters.map((parameter) => describeTensor(parameter.name, parameter.value)),
    );
    writeSafetensors(
      file(optimizerFile),
      [...optimizer.moments].flatMap(([parameter, { first, second }]) => [
        describeTensor(`first.${parameter.name}`, first),
        describeTensor(`second.${parameter.name}`, second),
      ]),
    );
    file(stateFile).write(new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`));
  });
}

function mismatch(folder: string, what: string): TunebenchError {
  return new TunebenchError('run.checkpointMismatch', { folder, what });
}

function readTensor(
  backend: Backend,
  file: SafetensorsFile,
  name: string,
  shape: readonly number[],
  folder: string,
): Tensor {
  const entry = file.tensors.get(name);
  if (entry?.type !== 'F32' || entry.shape.join() !== shape.join()) throw mismatch(folder, `tensor ${name}`);
  const values = new Float32Array(Uint8Array.from(file.read(entry)).buffer);
  return keep(new Tensor(backend, backend.upload(values, shape, 'float32')));
}

/** Puts the trainable weights of a training state into the parameters of the same names. */
export function restoreWeights(
  files: EngineFiles,
  folder: string,
  backend: Backend,
  parameters: readonly Parameter[],
): void {
  const path = files.join(folder, weightsFile);
  const file = openSafetensors(files.open(path), path);
  try {
    for (const parameter of parameters) {
      parameter.assign(readTensor(backend, file, parameter.name, parameter.shape, folder));
    }
  } finally {
    file.close();
  }
}

/** Puts weights and optimiser back as they were. */
export function restoreTrainingState(
  files: EngineFiles,
  folder: string,
  backend: Backend,
  state: { readonly parameters: readonly Parameter[]; readonly optimizer: AdamW },
): void {
  restoreWeights(files, folder, backend, state.parameters);
  const byName = new Map(state.parameters.map((parameter) => [parameter.name, parameter]));
  const path = files.join(folder, optimizerFile);
  const file = openSafetensors(files.open(path), path);
  try {
    for (const { name, steps } of readRecord(files, folder).moments) {
      const parameter = byName.get(name);
      if (parameter === undefined) throw mismatch(folder, `parameter ${name}`);
      const first = readTensor(backend, file, `first.${name}`, parameter.shape, folder);
      const second = readTensor(backend, file, `second.${name}`, parameter.shape, folder);
      state.optimizer.restore(parameter, { steps, first, second });
    }
  } finally {
    file.close();
  }
}

function readRecord(files: EngineFiles, folder: string): StateRecord<unknown> {
  // Only folders whose hashes were verified are read, so what this program wrote is what is there.
  return JSON.parse(files.readText(files.join(folder, stateFile))) as StateRecord<unknown>;
}

/** Where the run stood, as it was given to `writeTrainingState`. */
export function readPosition(files: EngineFiles, folder: string): unknown {
  return readRecord(files, folder).position;
}
