import type { Parameter } from '../../autodiff/tensor.ts';
import type { Linear } from '../../models/model.ts';
import type { LoraLayer } from './plan.ts';

/** The matrices beside one linear layer: y = Wx + s·B(A·dropout(x)), A `[rank, in]`, B `[out, rank]`. */
export interface Branch extends LoraLayer {
  readonly target: Linear;
  readonly a: Parameter;
  readonly b: Parameter;
  readonly bias: Parameter | null;
  /** Length of each row of the changed weight `[out]`, where it is trained apart from the direction (DoRA). */
  readonly magnitude: Parameter | null;
}
