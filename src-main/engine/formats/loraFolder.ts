import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
import { optionsFromPeft } from '../methods/lora/peftConfig.ts';
import { branchSize } from '../methods/lora/plan.ts';
import { wrapped } from '../methods/peftSettings.ts';
import { toFloat32 } from './elementTypes.ts';
import { type JsonTable, readJsonTable } from './jsonFiles.ts';
import { openSafetensors } from './safetensors.ts';

/** A matrix by rows. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** The two matrices beside one layer: change = scaling · B·A. */
export interface LoraPair {
  /** `[rank, in]`, or `[rank, vocabulary]` beside embeddings. */
  readonly a: Matrix;
  /** `[out, rank]` */
  readonly b: Matrix;
  readonly scaling: number;
}

/** A LoRA adapter as its folder holds it, without a model. */
export interface LoraFolder {
  readonly config: JsonTable;
  /** By the name of the layer; `kind` is how its tensors are named. */
  readonly pairs: ReadonlyMap<string, LoraPair & { readonly kind: LoraKind }>;
  /** Everything else that was trained: heads, modules saved whole. */
  readonly others: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

export type LoraKind = 'linear' | 'embedding';

/** How PEFT names the two matrices. */
export const loraNames = {
  linear: { a: '.lora_A.weight', b: '.lora_B.weight' },
  embedding: { a: '.lora_embedding_A', b: '.lora_embedding_B' },
} as const satisfies Record<LoraKind, Record<'a' | 'b', string>>;

/** What cannot be combined matrix by matrix. */
function refuse(config: JsonTable, folder: string): void {
  const refused = (detail: string) => new TunebenchError('adapters.cannotCombine', { folder, detail });
  if (config['peft_type'] !== 'LORA') throw refused(`peft_type: ${String(config['peft_type'] ?? '–')}`);
  if (config['use_dora'] === true) throw refused('use_dora: true');
  if (config['lora_bias'] === true) throw refused('lora_bias: true');
  if ((config['bias'] ?? 'none') !== 'none') throw refused(`bias: ${String(config['bias'])}`);
}

/**
 * Reads a PEFT LoRA folder into plain numbers.
 * @throws TunebenchError where it is something else, or a kind of LoRA that two matrices do not describe
 */
export function readLoraFolder(files: EngineFiles, folder: string): LoraFolder {
  const config = readJsonTable(files, files.join(folder, 'adapter_config.json'));
  refuse(config, folder);
  const options = optionsFromPeft(config, folder);
  const path = files.join(folder, 'adapter_model.safetensors');
  const file = openSafetensors(files.open(path), path);
  try {
    const values = new Map(
      [...file.tensors].map(([name, entry]) => [
        name,
        { shape: entry.shape, values: toFloat32(file.read(entry), entry.type).slice() },
      ]),
    );
    const pairs = new Map<string, LoraPair & { readonly kind: LoraKind }>();
    for (const kind of ['linear', 'embedding'] as const) {
      const names = loraNames[kind];
      for (const [name, a] of [...values]) {
        const b = values.get(`${name.slice(0, -names.a.length)}${names.b}`);
        if (!name.endsWith(names.a) || b === undefined) continue;
        const module = name.slice(0, -names.a.length);
        values.delete(name);
        values.delete(`${module}${names.b}`);
        const matrix = ({ shape: [rows = 0, columns = 0], values: numbers }: typeof a): Matrix => ({
          rows,
          columns,
          values: numbers,
        });
        const layer = module.startsWith(wrapped) ? module.slice(wrapped.length) : module;
        pairs.set(module, { kind, a: matrix(a), b: matrix(b), scaling: branchSize(options, layer).scaling });
      }
    }
    return { config, pairs, others: values };
  } finally {
    file.close();
  }
}
