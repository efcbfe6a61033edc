import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
  problemsFromError,
} from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
import { isTable, readJsonTable } from './jsonFiles.ts';
import { type SafetensorsFile, type TensorEntry, openSafetensors } from './safetensors.ts';

/** All tensors of a model folder, whether in one file or in several. */
export interface WeightFiles {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  read(entry: TensorEntry): Uint8Array;
  close(): void;
}

const singleName = 'model.safetensors';
const indexName = 'model.safetensors.index.json';
const pickleName = /\.(bin|pt|pth|ckpt|pkl|msgpack|h5)$/;

function combine(parts: readonly SafetensorsFile[]): WeightFiles {
  const owners = new Map(parts.flatMap((part) => [...part.tensors.values()].map((entry) => [entry, part])));
  return {
    entries: new Map([...owners.keys()].map((entry) => [entry.name, entry])),
    read(entry) {
      const owner = owners.get(entry);
      if (owner === undefined) throw new Error(`"${entry.name}" belongs to another folder.`);
      return owner.read(entry);
    },
    close: () => parts.forEach((part) => part.close()),
  };
}

/** The index's shards and what it says they hold. */
function readIndex(files: EngineFiles, folder: string): Map<string, string[]> {
  const path = files.join(folder, indexName);
  const { weight_map: map } = readJsonTable(files, path);
  const refuse = (detail: string) => new TunebenchError('modelFolder.badIndex', { file: path, detail });
  if (!isTable(map)) throw refuse('"weight_map" is missing.');
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string') throw refuse(`"${tensor}" names no file.`);
    if (/[\\/]/.test(shard) || shard.startsWith('.')) {
      throw refuse(`"${shard}" is not a file name in this folder.`);
    }
    shards.set(shard, [...(shards.get(shard) ?? []), tensor]);
  }
  return shards;
}

function openShards(files: EngineFiles, folder: string): WeightFiles {
  const problems: Problem[] = [];
  const opened: SafetensorsFile[] = [];
  for (const [shard, tensors] of readIndex(files, folder)) {
    const path = files.join(folder, shard);
    if (!files.exists(path)) {
      const params = { folder, file: shard, count: tensors.length };
      problems.push(describeProblem('modelFolder.missingShard', params));
      continue;
    }
    try {
      const part = openSafetensors(files.open(path), path);
      opened.push(part);
      const lacking = tensors.filter((tensor) => !part.tensors.has(tensor));
      problems.push(
        ...lacking.map((tensor) =>
          describeProblem('modelFolder.notInShard', { folder, tensor, file: shard }),
        ),
      );
    } catch (error) {
      problems.push(...problemsFromError(error));
    }
  }
  const weights = combine(opened);
  if (problems.length === 0) return weights;
  weights.close();
  throw errorFromProblems(problems);
}

/**
 * Opens the weights of a model folder: `model.safetensors`, or the shards its index names. Headers are read and
 * checked, contents are not read yet.
 * @throws TunebenchError naming every missing or damaged file; pickle files are never opened
 */
export function openWeightFiles(files: EngineFiles, folder: string): WeightFiles {
  const single = files.join(folder, singleName);
  if (files.exists(single)) return combine([openSafetensors(files.open(single), single)]);
  if (files.exists(files.join(folder, indexName))) return openShards(files, folder);
  const pickle = files.list(folder).find((name) => pickleName.test(name));
  if (pickle !== undefined) throw new TunebenchError('modelFolder.pickleWeights', { folder, file: pickle });
  throw new TunebenchError('modelFolder.noWeights', { folder });
}
