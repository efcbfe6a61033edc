import { keep, scope } from '../autodiff/scope.ts';
import { type PackedTensor, Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { toBitPatterns, toFloat32 } from '../formats/elementTypes.ts';
import type { TensorEntry } from '../formats/safetensors.ts';
import type { WeightFiles } from '../formats/weightFiles.ts';
import { normalValues } from '../initialValues.ts';
import { cast, filled, fromValues } from '../ops/index.ts';
import type { CheckpointMatch } from './checkpoint.ts';
import type { Blueprint } from './architecture.ts';
import { type ModelLayout, isInside } from './layout.ts';
import type { Quantization } from './model.ts';
import { Nf4Weight } from './nf4Weight.ts';

/** In which form a model's weights are held. */
export interface WeightForm {
  /**
   * Type of the body's linear weights and of the vocabulary's tables; everything else is float32. Choose bfloat16 for
   * frozen weights only: training a weight turns it back into float32. `stored`: bfloat16 where the checkpoint has no
   * more digits and the backend multiplies such matrices.
   */
  readonly weightType?: 'float32' | 'bfloat16' | 'stored';
  /** Holds the body's linear weights in 4 bits and computes with them as `weightType`. */
  readonly quantization?: Quantization;
}

type HeldType = Required<WeightForm>['weightType'];

/** How one weight is held. */
type Holding =
  | { readonly kind: 'plain'; readonly type: HeldType }
  | { readonly kind: 'nf4'; readonly type: HeldType; readonly layout: 'outIn' | 'inOut' };

/** What of a model decides how its weights are held. */
interface HeldModel {
  /** Linear layers of the body. */
  readonly linears: ReadonlyMap<string, { readonly layout: 'outIn' | 'inOut' }>;
  /** Name of the table that token ids are looked up in. */
  readonly wordEmbedding: string;
}

/** How each weight of a model is held; those that are left out are plain float32. */
export function planHoldings(
  { linears, wordEmbedding }: HeldModel,
  { weightType = 'float32', quantization = 'none' }: WeightForm,
): ReadonlyMap<string, Holding> {
  const plain: Holding = { kind: 'plain', type: weightType };
  const holdings = new Map<string, Holding>([
    [wordEmbedding, plain],
    ['lm_head.weight', plain],
  ]);
  for (const [path, { layout }] of linears) {
    holdings.set(
      `${path}.weight`,
      quantization === 'nf4' ? { kind: 'nf4', type: weightType, layout } : plain,
    );
  }
  return holdings;
}

/** Reads one tensor of a checkpoint into the backend, in 16 bits where it is stored so and that is enough. */
function readTensor(
  backend: Backend,
  weights: WeightFiles,
  entry: TensorEntry,
  keepsHalves: boolean,
): Tensor {
  const bytes = weights.read(entry);
  return keepsHalves && entry.type === 'BF16'
    ? fromValues(backend, toBitPatterns(bytes), entry.shape, 'bfloat16')
    : fromValues(backend, toFloat32(bytes, entry.type), entry.shape, 'float32');
}

/** One tensor of a checkpoint as it will be held: only its own values are in memory twice, and only for a moment. */
function loadTensor(
  backend: Backend,
  weights: WeightFiles,
  entry: TensorEntry,
  holding: Holding,
): Tensor | PackedTensor {
  const takesHalves = backend.matrixTypes.includes('bfloat16');
  const ofStored = entry.type === 'BF16' && takesHalves ? 'bfloat16' : 'float32';
  const type = holding.type === 'stored' ? ofStored : holding.type;
  if (holding.kind === 'plain') {
    return cast(readTensor(backend, weights, entry, type === 'bfloat16'), type);
  }
  return new Nf4Weight(readTensor(backend, weights, entry, takesHalves), holding.layout, type);
}

function startTensor(backend: Backend, name: string, layout: ModelLayout, deviation: number, seed: number) {
  const spec = layout.weights.get(name);
  const shape = spec?.shape ?? [];
  if (spec?.whenMissing === 'zeros') return filled(backend, shape, 0);
  const size = shape.reduce((product, length) => product * length, 1);
  return fromValues(backend, normalValues(seed, name, size, deviation), shape, 'float32');
}

/** What is loaded, and from where. */
export interface ParameterSource {
  readonly backend: Backend;
  readonly blueprint: Blueprint;
  readonly layout: ModelLayout;
  readonly match: CheckpointMatch;
  readonly weights: WeightFiles;
  /** Decides the values of what is started anew. */
  readonly seed: number;
}

/** Loads a model's weights tensor by tensor, each one turned into the form it is held in before the next is read. */
export function loadParameters(source: ParameterSource, form: WeightForm): Map<string, Parameter> {
  const { backend, blueprint, layout, match, weights, seed } = source;
  const linears = new Map([...layout.linears].filter(([path]) => !isInside(path, match.headModules)));
  const holdings = planHoldings({ linears, wordEmbedding: `${layout.words}.weight` }, form);
  const parameters = new Map<string, Parameter>();
  try {
    for (const name of layout.weights.keys()) {
      const entry = match.found.get(name);
      scope(() => {
        const value =
          entry === undefined
            ? startTensor(backend, name, layout, blueprint.initializerRange, seed)
            : loadTensor(backend, weights, entry, holdings.get(name) ?? { kind: 'plain', type: 'float32' });
        parameters.set(name, new Parameter(name, value instanceof Tensor ? keep(value) : value));
      });
    }
    return parameters;
  } catch (error) {
    for (const parameter of parameters.values()) parameter.dispose();
    throw error;
  }
}
