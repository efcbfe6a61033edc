import { countParameters } from '../../models/outline.ts';
import type { Method } from '../method.ts';
import { attachOwnWeights } from '../ownWeights.ts';
import { fullSpec } from './spec.ts';

export const full: Method<typeof fullSpec.options> = {
  spec: fullSpec,
  output: 'model',
  check: () => [],
  countTrainable: (outline) => countParameters(outline),
  attach: (model) => attachOwnWeights(model.parameters.values()),
};
