import type { Handle } from '../backend/backend.ts';
import { keep, scope } from './scope.ts';
import { type Parameter, Tensor } from './tensor.ts';

/**
 * Gradient of an operation: from the gradient of its output to those of its inputs, in order. `wanted[i]` says whether
 * input i needs one; return null for the others. Each answer is a new tensor or the gradient itself, never a saved one.
 * Runs unrecorded, inside a scope of its own.
 */
export type Backward = (gradient: Tensor, wanted: readonly boolean[]) => readonly (Tensor | null)[];

interface Recorded {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly saved: readonly Tensor[];
  readonly backward: Backward;
}

let recording: Recorded[] | null = null;

/**
 * The end of every differentiable operation: wraps the computed handle as a tensor and, where a gradient can be needed,
 * records how to get it.
 * @param output a new handle, or a new tensor that only this call knows (never one of `inputs`)
 * @param inputs tensors the gradient flows to, in the order `backward` answers
 * @param makeBackward called only when recording; `save` keeps a tensor's storage until backward and returns the
 * tensor to read then
 */
export function differentiable(
  output: Handle | Tensor,
  inputs: readonly Tensor[],
  makeBackward: (save: (tensor: Tensor) => Tensor, output: Tensor) => Backward,
): Tensor {
  const [first] = inputs;
  if (first === undefined) throw new Error('An operation needs at least one input.');
  const tensor = output instanceof Tensor ? output : new Tensor(first.backend, output);
  if (recording === null || !inputs.some((input) => input.requiresGradient)) return tensor;
  const saved: Tensor[] = [];
  const save = (kept: Tensor): Tensor => {
    const alias = keep(kept.alias());
    saved.push(alias);
    return alias;
  };
  const tape = recording;
  try {
    const backward = withoutGradient(() => makeBackward(save, tensor));
    tensor.requiresGradient = true;
    tape.push({ inputs, output: tensor, backward, saved });
  } catch (error) {
    for (const kept of saved) kept.dispose();
    throw error;
  }
  return tensor;
}

/** Whether operations are being recorded now. */
export function isRecording(): boolean {
  return recording !== null;
}

/** Runs `body` without recording: for evaluation, generation and inside backward. */
export function withoutGradient<Result>(body: () => Result): Result {
  const outer = recording;
  recording = null;
  try {
    return body();
  } finally {
    recording = outer;
  }
}

function addInto(sums: Map<Tensor, Tensor>, key: Tensor, gradient: Tensor): void {
  const sum = sums.get(key);
  if (sum === undefined) {
    sums.set(key, keep(gradient));
    return;
  }
  const total = new Tensor(key.backend, key.backend.binary('add', sum.handle, gradient.handle));
  sums.set(key, keep(total));
  sum.dispose();
  gradient.dispose();
}

/** Gradients of the inputs of one record, added to what is known of them. */
function walkRecord({ inputs, backward }: Recorded, gradient: Tensor, sums: Map<Tensor, Tensor>): void {
  const wanted = inputs.map((input) => input.requiresGradient);
  const gradients = scope(() =>
    backward(gradient, wanted).map((part) => (part === gradient ? part.alias() : part)),
  );
  gradients.forEach((part, index) => {
    const input = inputs[index];
    if (part === null || input === undefined) return;
    if (wanted[index]) addInto(sums, input, part);
    else part.dispose();
  });
}

/**
 * Walks the records from the last to the first; each is freed as soon as its gradients are known. What is left in
 * `sums` belongs to tensors no record made. Where an operation fails, records and sums are freed.
 */
function walkBack(records: Recorded[], sums: Map<Tensor, Tensor>): void {
  try {
    withoutGradient(() => {
      for (let record = records.pop(); record !== undefined; record = records.pop()) {
        const gradient = sums.get(record.output);
        sums.delete(record.output);
        try {
          if (gradient !== undefined) walkRecord(record, gradient, sums);
        } finally {
          gradient?.dispose();
          disposeRecords([record]);
        }
      }
    });
  } catch (error) {
    disposeRecords(records);
    disposeAll(sums);
    throw error;
  }
}

function disposeRecords(records: readonly Recorded[]): void {
  for (const { saved } of records) for (const tensor of saved) tensor.dispose();
}

function disposeAll(tensors: ReadonlyMap<Tensor, Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

function record<Result>(body: () => Result): { result: Result; records: Recorded[] } {
  const outer = recording;
  const records: Recorded[] = [];
  recording = records;
  try {
    return { result: body(), records };
  } catch (error) {
    disposeRecords(records);
    throw error;
  } finally {
    recording = outer;
  }
}

/**
 * Runs `body`, which computes a scalar loss, and adds the loss's gradient to `gradient` of every trainable parameter
 * it depends on. Everything made on the way is freed.
 * @returns the loss as a number
 */
export function backpropagate(parameters: Iterable<Parameter>, body: () => Tensor, seed = 1): number {
  return scope(() => {
    const { result: loss, records } = record(body);
    const sums = new Map<Tensor, Tensor>();
    try {
      if (loss.size !== 1)
        throw new Error(`A loss must be a scalar, not of shape [${loss.shape.join(', ')}].`);
      sums.set(loss, keep(new Tensor(loss.backend, loss.backend.fill(loss.shape, seed, 'float32'))));
      walkBack(records, sums);
      for (const parameter of parameters) accumulate(parameter, sums);
      return loss.scalar();
    } finally {
      disposeRecords(records);
      disposeAll(sums);
    }
  });
}

/** Moves a parameter's gradient out of `sums` into the parameter. */
function accumulate(parameter: Parameter, sums: Map<Tensor, Tensor>): void {
  const weight = parameter.value;
  const gradient = sums.get(weight);
  if (gradient === undefined) return;
  if (parameter.gradient !== null) {
    const { backend } = gradient;
    const total = new Tensor(backend, backend.binary('add', parameter.gradient.handle, gradient.handle));
    parameter.clearGradient();
    parameter.gradient = keep(total);
    gradient.dispose();
  } else parameter.gradient = gradient;
  sums.delete(weight);
}

/**
 * The sum of several scalars that are each computed from x, one after the other, with their gradients at once: between
 * the parts only the sums are kept. For losses over tensors too large to keep whole (https://arxiv.org/abs/2410.10989).
 * Weights used inside are found by themselves.
 * @param body part → a scalar, from x
 */
export function sumAtOnce(x: Tensor, parts: number, body: (x: Tensor, part: number) => Tensor): Tensor {
  const { backend } = x;
  const isRecorded = isRecording();
  const input = keep(x.alias());
  input.requiresGradient = x.requiresGradient;
  const sums = new Map<Tensor, Tensor>();
  let total = keep(new Tensor(backend, backend.fill([], 0, 'float32')));
  try {
    for (let part = 0; part < parts; part++) {
      scope(() => {
        const compute = () => scope(() => body(input, part));
        const { result, records } = isRecorded
          ? record(compute)
          : { result: withoutGradient(compute), records: [] };
        const sum = keep(new Tensor(backend, backend.binary('add', total.handle, result.handle)));
        total.dispose();
        total = sum;
        if (records.length === 0) return;
        sums.set(result, keep(new Tensor(backend, backend.fill(result.shape, 1, 'float32'))));
        walkBack(records, sums);
      });
    }
    const leaves = [...sums.keys()];
    const inputs = leaves.map((leaf) => (leaf === input ? x : leaf));
    const result = new Tensor(backend, backend.reshape(total.handle, []));
    if (inputs.length === 0) return result;
    return differentiable(result, inputs, (save) => {
      const kept = leaves.map((leaf) => save(sums.get(leaf) ?? leaf));
      return (gradient, wanted) =>
        kept.map((sum, index) => {
          if (!wanted[index]) return null;
          const factor = new Tensor(backend, backend.cast(gradient.handle, sum.dtype));
          return new Tensor(backend, backend.binary('multiply', sum.handle, factor.handle));
        });
    });
  } finally {
    total.dispose();
    input.dispose();
    disposeAll(sums);
  }
}

/**
 * Computes `body(inputs)` keeping only its inputs, and computes it again when its gradient is asked for: less memory for
 * more time (https://arxiv.org/abs/1604.06174). `parameters` are the trainable weights used inside; one that is missing
 * is an error in backward. Random draws inside must repeat (`repeatableStream`).
 */
export function recompute(
  inputs: readonly Tensor[],
  parameters: readonly Parameter[],
  body: (inputs: readonly Tensor[]) => Tensor,
): Tensor {
  const weights = parameters.filter((parameter) => parameter.trainable).map((parameter) => parameter.value);
  const result = withoutGradient(() => scope(() => body(inputs)));
  const forward = inputs.includes(result) ? result.alias() : result;
  return differentiable(forward, [...inputs, ...weights], (save) => {
    const kept = inputs.map((input) => ({ tensor: save(input), requiresGradient: input.requiresGradient }));
    return (gradient) => {
      for (const { tensor, requiresGradient } of kept) tensor.requiresGradient = requiresGradient;
      const again = kept.map(({ tensor }) => tensor);
      const { result: repeated, records } = record(() => scope(() => body(again)));
      const sums = new Map<Tensor, Tensor>([[repeated, keep(gradient.alias())]]);
      walkBack(records, sums);
      const answers = [...again, ...weights].map((tensor) => {
        const sum = sums.get(tensor) ?? null;
        sums.delete(tensor);
        return sum;
      });
      const [forgotten] = sums.keys();
      if (forgotten) {
        disposeAll(sums);
        for (const answer of answers) answer?.dispose();
        throw new Error(
          `recompute used a trainable tensor of shape [${forgotten.shape.join(', ')}] that is not among its parameters.`,
        );
      }
      return answers;
    };
  });
}
