import { countParameters, outlineOfModel } from '../../models/outline.ts';
import { decayedRates } from '../blockDepth.ts';
import type { Method } from '../method.ts';
import { attachOwnWeights } from '../ownWeights.ts';
import { fullSpec } from './spec.ts';

export const full: Method<typeof fullSpec.options> = {
  spec: fullSpec,
  output: 'model',
  check: () => [],
  count: (outline) => ({ own: countParameters(outline), added: 0 }),
  attach: (model, { layerDecay }) =>
    attachOwnWeights(model.parameters.values(), decayedRates(outlineOfModel(model), layerDecay)),
};
