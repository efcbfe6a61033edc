import type { MemoryForecast } from '../../contract/runs.ts';
import { sizeOf } from '../backend/shapes.ts';
import type { ParameterCount } from '../methods/method.ts';
import { planHoldings } from '../models/loadParameters.ts';
import type { ModelOutline } from '../models/outline.ts';
import type { TrainingOptions } from './options.ts';
import type { ChosenWeightForm } from './weightForm.ts';

/** What decides how much memory a run takes. */
export interface MemoryQuestion {
  readonly outline: ModelOutline;
  readonly form: ChosenWeightForm;
  readonly count: ParameterCount;
  readonly batchSize: number;
  /** Tokens computed at once: a batch with more is computed in parts of at least one row. */
  readonly passTokens: number;
  /** Longest row. */
  readonly rowTokens: number;
  readonly recompute: boolean;
}

const floatBytes = 4;
/** NF4 with double quantisation: 4 bits, 8 for 64 weights, 32 for 64 · 256. */
const nf4Bytes = (4 + 8 / 64 + 32 / (64 * 256)) / 8;
/** Node, the engine and libtensorflow with its buffers, before any weight is loaded. */
const programBytes = 330e6;
/**
 * What a block keeps for the gradient, against the inputs and outputs of its linear layers: norms and additions come on
 * top, and an input that several layers share counts once.
 */
const keptShare = 1.1;

function weightBytes({ outline, form }: MemoryQuestion): number {
  const holdings = planHoldings(outline, form);
  let total = 0;
  for (const [name, shape] of outline.parameters) {
    const holding = holdings.get(name);
    const plainBytes = holding?.type === 'bfloat16' ? 2 : floatBytes;
    total += sizeOf(shape) * (holding?.kind === 'nf4' ? nf4Bytes : plainBytes);
  }
  return total;
}

/** The largest weight as it is while a layer computes with it, where it is held in fewer bits. */
function unpackedBytes({ outline, form }: MemoryQuestion): number {
  if (form.quantization === 'none') return 0;
  const sizes = [...outline.linears.values()].map(({ inFeatures, outFeatures }) => inFeatures * outFeatures);
  return Math.max(0, ...sizes) * (form.weightType === 'bfloat16' ? 2 : floatBytes);
}

/** Values that go in and out of the linear layers of each block, for one token. */
function blockWidths({ linears, blocks }: ModelOutline): number[] {
  return blocks.map(({ path }) => {
    const own = [...linears].filter(([name]) => name.startsWith(`${path}.`));
    return own.reduce((sum, [, { inFeatures, outFeatures }]) => sum + inFeatures + outFeatures, 0);
  });
}

function activationBytes(question: MemoryQuestion): number {
  const { outline, batchSize, passTokens, rowTokens, recompute } = question;
  const tokens = Math.min(batchSize * rowTokens, Math.max(passTokens, rowTokens));
  const widths = blockWidths(outline);
  const kept = widths.map((width) => keptShare * width);
  const hidden = outline.parameters.get(outline.wordEmbedding)?.[1] ?? 0;
  const inBlocks = recompute
    ? widths.length * hidden + Math.max(0, ...kept)
    : kept.reduce((sum, width) => sum + width, 0);
  // Logits, their gradient, and one of them in passing.
  const vocabulary = outline.parameters.get(outline.wordEmbedding)?.[0] ?? 0;
  const logits = outline.scoresVocabulary ? 3 * vocabulary : 0;
  return floatBytes * tokens * (inBlocks + logits);
}

/** What training will take at its peak, from shapes and settings alone: no weight is read. */
function forecastMemory(question: MemoryQuestion): MemoryForecast {
  const { count } = question;
  const trained = count.own + count.added;
  const parts = {
    weightBytes: Math.round(weightBytes(question) + floatBytes * count.added),
    gradientBytes: floatBytes * trained,
    optimizerBytes: 2 * floatBytes * trained,
    activationBytes: Math.round(activationBytes(question) + unpackedBytes(question)),
    programBytes,
  };
  return { ...parts, totalBytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** What a run may take of the machine's memory: other programs run beside it. */
const mostShare = 0.8;

/**
 * The forecast, with blocks recomputed or not as the settings say; where they leave it to the plan, when the run would
 * take too much of the machine's memory otherwise.
 */
export function planMemory(
  question: Omit<MemoryQuestion, 'recompute'>,
  setting: TrainingOptions['recompute'],
  machineBytes: number,
): { readonly memory: MemoryForecast; readonly recompute: 'on' | 'off' } {
  const keeping = forecastMemory({ ...question, recompute: false });
  const isShort = keeping.totalBytes > mostShare * machineBytes;
  if (setting === 'off' || (setting === 'automatic' && !isShort))
    return { memory: keeping, recompute: 'off' };
  return { memory: forecastMemory({ ...question, recompute: true }), recompute: 'on' };
}
