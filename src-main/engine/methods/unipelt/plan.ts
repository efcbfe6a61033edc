import { type Problem, describeProblem } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { ModelOutline } from '../method.ts';
import type { uniPeltOptions } from './spec.ts';

export type UniPeltOptions = OptionValues<typeof uniPeltOptions>;

export function checkUniPelt(outline: ModelOutline, { rank }: UniPeltOptions): Problem[] {
  const [first] = outline.blocks;
  const layer = first?.query ?? '';
  const { inFeatures = 0, outFeatures = 0 } = outline.linears.get(layer) ?? {};
  const limit = Math.min(inFeatures, outFeatures);
  if (rank <= limit) return [];
  return [describeProblem('method.rankTooLarge', { rank, layer, inFeatures, outFeatures, limit }, 'rank')];
}
