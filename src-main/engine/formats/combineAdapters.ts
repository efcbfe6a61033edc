import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
import { wrapped } from '../methods/peftSettings.ts';
import type { AdapterUse } from './adapterStack.ts';
import { bytesOf } from './elementTypes.ts';
import { writeJson } from './jsonFiles.ts';
import { type LoraFolder, type LoraPair, type Matrix, loraNames, readLoraFolder } from './loraFolder.ts';
import { type TensorToWrite, writeSafetensors } from './safetensors.ts';

/**
 * How LoRA adapters become one: `concatenate` along the rank, exactly their weighted sum; or `average` their matrices,
 * which keeps the rank and is a rough approximation (PEFT's `cat` and `linear`).
 */
export type Combination = 'concatenate' | 'average';

interface WeightedPair {
  readonly pair: LoraPair;
  readonly weight: number;
}

function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

/** target[row + atRow, column + atColumn] += factor · source[row, column] */
function addInto(
  target: Matrix,
  source: Matrix,
  factor: number,
  at: { readonly row: number; readonly column: number },
): void {
  for (let row = 0; row < source.rows; row++) {
    for (let column = 0; column < source.columns; column++) {
      const place = (row + at.row) * target.columns + column + at.column;
      const value = source.values[row * source.columns + column] ?? 0;
      target.values[place] = (target.values[place] ?? 0) + Math.fround(factor * value);
    }
  }
}

/** A under A with weight and scaling in it, B beside B; what is left of the rank stays zero. */
function concatenate(parts: readonly WeightedPair[], rank: number): { a: Matrix; b: Matrix } {
  const [first] = parts;
  const a = zeros(rank, first?.pair.a.columns ?? 0);
  const b = zeros(first?.pair.b.rows ?? 0, rank);
  let from = 0;
  for (const { pair, weight } of parts) {
    addInto(a, pair.a, weight * pair.scaling, { row: from, column: 0 });
    addInto(b, pair.b, 1, { row: 0, column: from });
    from += pair.a.rows;
  }
  return { a, b };
}

/** Σ √|w·s|·A and Σ √|w·s|·B, the sign with A. */
function average(parts: readonly WeightedPair[], rank: number): { a: Matrix; b: Matrix } {
  const [first] = parts;
  const a = zeros(rank, first?.pair.a.columns ?? 0);
  const b = zeros(first?.pair.b.rows ?? 0, rank);
  for (const { pair, weight } of parts) {
    const factor = weight * pair.scaling;
    const root = Math.sqrt(Math.abs(factor));
    addInto(a, pair.a, factor < 0 ? -root : root, { row: 0, column: 0 });
    addInto(b, pair.b, root, { row: 0, column: 0 });
  }
  return { a, b };
}

function checkFit(module: string, parts: readonly WeightedPair[]): void {
  const shapes = parts.map(({ pair }) => `[${pair.b.rows}, ${pair.a.columns}]`);
  if (new Set(shapes).size > 1) {
    throw new TunebenchError('adapters.differentShapes', { module, shapes: shapes.join(', ') });
  }
}

/** Largest rank of an adapter: that of its widest pair. */
function rankOf({ pairs }: LoraFolder): number {
  return Math.max(0, ...[...pairs.values()].map(({ a }) => a.rows));
}

function combinedRank(folders: readonly LoraFolder[], how: Combination): number {
  const ranks = folders.map(rankOf);
  if (how === 'concatenate') return ranks.reduce((sum, rank) => sum + rank, 0);
  const isSame = folders.every(({ pairs }) => [...pairs.values()].every(({ a }) => a.rows === ranks[0]));
  if (!isSame) throw new TunebenchError('adapters.differentRanks', { ranks: ranks.join(', ') });
  return ranks[0] ?? 0;
}

function describeMatrix(name: string, { rows, columns, values }: Matrix): TensorToWrite {
  return { name, type: 'F32', shape: [rows, columns], bytes: () => bytesOf(values) };
}

/** Files that say how an adapter is used. */
const companions = ['labels.json', 'tunebench.json'];

/**
 * Writes one LoRA adapter that does what several did together. Heads and what else was trained whole come from the last
 * adapter that has them.
 * @param uses at least one LoRA folder of one base model
 * @throws TunebenchError where an adapter is no plain LoRA, or they do not fit together
 */
export function combineAdapters(
  files: EngineFiles,
  uses: readonly AdapterUse[],
  how: Combination,
  target: string,
): void {
  const read = uses.map(({ folder, weight }) => ({ folder, weight, lora: readLoraFolder(files, folder) }));
  const rank = combinedRank(
    read.map(({ lora }) => lora),
    how,
  );
  const modules = [...new Set(read.flatMap(({ lora }) => [...lora.pairs.keys()]))];
  const combined = modules.flatMap((module) => {
    const parts = read.flatMap(({ lora, weight }) => {
      const pair = lora.pairs.get(module);
      return pair ? [{ pair, weight, kind: pair.kind }] : [];
    });
    checkFit(module, parts);
    const { a, b } = (how === 'concatenate' ? concatenate : average)(parts, rank);
    const names = loraNames[parts[0]?.kind ?? 'linear'];
    return [describeMatrix(`${module}${names.a}`, a), describeMatrix(`${module}${names.b}`, b)];
  });
  const headed = read.findLast(({ lora }) => lora.others.size > 0) ?? read.at(-1);
  const others = [...(headed?.lora.others ?? [])].map(([name, { shape, values }]): TensorToWrite => ({
    name,
    type: 'F32',
    shape,
    bytes: () => bytesOf(values),
  }));
  const config = {
    ...headed?.lora.config,
    r: rank,
    lora_alpha: rank,
    use_rslora: false,
    rank_pattern: {},
    alpha_pattern: {},
    exclude_modules: null,
    layers_to_transform: null,
    init_lora_weights: true,
    target_modules: modules.map((module) => module.replace(wrapped, '')),
  };
  files.writeFolder(target, (file) => {
    writeJson(file('adapter_config.json'), config);
    writeSafetensors(file('adapter_model.safetensors'), [...combined, ...others]);
    for (const name of companions) {
      const path = files.join(headed?.folder ?? '', name);
      if (files.exists(path)) file(name).write(new TextEncoder().encode(files.readText(path)));
    }
  });
}
