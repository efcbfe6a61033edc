import { scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { AttentionSurroundings, Block } from '../../models/hooks.ts';
import type { Linear, Model } from '../../models/model.ts';
import {
  add,
  attention,
  broadcastTo,
  linear,
  mergeHeads,
  multiply,
  reshape,
  slice,
  tanh,
  transpose,
} from '../../ops/index.ts';

/** One block's learned prompt, the gate before it, and the frozen layers it goes through. */
export interface PromptedBlock {
  readonly block: Block;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  /** `[1, length, width]` */
  readonly prompt: Parameter;
  /** `[1]`, in the paper's form `[1, heads, 1, 1]` */
  readonly gate: Parameter;
  readonly form: 'peft' | 'paper';
}

export function findLayers(model: Model, block: Block): Pick<PromptedBlock, 'key' | 'value' | 'output'> {
  const find = (path: string): Linear => {
    const found = model.linears.get(path);
    if (found === undefined) throw new Error(`The model has no linear layer ${path}.`);
    return found;
  };
  return { key: find(block.key), value: find(block.value), output: find(block.output) };
}

/** What a frozen projection makes of the prompt, in heads: `[batch, heads, length, headSize]`. */
function project(prompted: PromptedBlock, layer: Linear, part: number, batch: number): Tensor {
  const { block, prompt } = prompted;
  const [, length = 0, width = 0] = prompt.shape;
  const flat = reshape(prompt.value, [length, width]);
  const made = linear(flat, layer.weight.stored, layer.bias?.value ?? null, layer.layout);
  const size = block.keyValueHeads * block.headSize;
  // Where one layer makes queries, keys and values, they stand side by side.
  const isJoined = block.query === block.key;
  const own = isJoined ? slice(made, [0, part * size], [length, size]) : made;
  const split = transpose(reshape(own, [length, block.keyValueHeads, block.headSize]), [1, 0, 2]);
  const heads = [block.keyValueHeads, length, block.headSize];
  return broadcastTo(reshape(split, [1, ...heads]), [batch, ...heads]);
}

/**
 * The attention's output with that over the prompt, softmax apart, added through the gate. Keys of the prompt are not
 * rotated. PEFT's form leaves out the output projection for GPT-2, where one layer makes queries, keys and values.
 */
export function addPromptAttention(
  prompted: PromptedBlock,
  attended: Tensor,
  { query }: AttentionSurroundings,
): Tensor {
  return scope(() => {
    const { block, gate, form, output } = prompted;
    const q = query();
    const [batch = 0] = q.shape;
    const k = project(prompted, prompted.key, 1, batch);
    const v = project(prompted, prompted.value, 2, batch);
    const options = { mask: null, causal: false, scale: block.headSize ** -0.5 };
    const seen = attention(q, k, v, options);
    const opened = form === 'paper' ? tanh(gate.value) : reshape(gate.value, [1, 1, 1, 1]);
    const merged = mergeHeads(multiply(seen, opened));
    const isBare = form === 'peft' && block.query === block.key;
    return add(attended, isBare ? merged : linear(merged, output.weight.stored, null, output.layout));
  });
}
