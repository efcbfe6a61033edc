import { attachBottleneck, bottleneckHub, countBottleneck } from '../bottleneck/attach.ts';
import type { Method } from '../method.ts';
import { houlsbySpec } from './spec.ts';

/** Adapters behind both sub-layers of every block (https://arxiv.org/abs/1902.00751). */
export const houlsby: Method<typeof houlsbySpec.options> = {
  spec: houlsbySpec,
  output: 'adapter',
  hub: bottleneckHub('houlsby'),
  check: () => [],
  count: (outline, options) => countBottleneck(outline, options, 'houlsby'),
  attach: (model, options, seed) => attachBottleneck(model, options, 'houlsby', seed),
};
