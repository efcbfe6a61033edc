import { attachBottleneck, bottleneckHub, countBottleneck } from '../bottleneck/attach.ts';
import type { Method } from '../method.ts';
import { pfeifferSpec } from './spec.ts';

/** One adapter behind the feed-forward block (https://arxiv.org/abs/2005.00247). */
export const pfeiffer: Method<typeof pfeifferSpec.options> = {
  spec: pfeifferSpec,
  output: 'adapter',
  hub: bottleneckHub('pfeiffer'),
  check: () => [],
  count: (outline, options) => countBottleneck(outline, options, 'pfeiffer'),
  attach: (model, options, seed) => attachBottleneck(model, options, 'pfeiffer', seed),
};
