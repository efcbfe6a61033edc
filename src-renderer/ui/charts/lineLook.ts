import { inheritedDash } from '../../../src-main/contract/chartSvg.ts';
import type { ChartLine } from './points.ts';

export interface ChartColours {
  train: string;
  validation: string;
  test: string;
  watch: string;
  grid: string;
  text: string;
  ink: string;
  canvas: string;
}

const dashes = { train: [], validation: [6, 3], test: [2, 2], watch: [8, 3, 2, 3] } as const;

/** Colour and dashes of a line. */
export function lineLook(
  { tone, inherited }: Pick<ChartLine, 'tone' | 'inherited'>,
  colours: ChartColours,
): { readonly colour: string; readonly dash: readonly number[] } {
  const look = typeof tone === 'string' ? { colour: colours[tone], dash: dashes[tone] } : tone;
  return inherited ? { ...look, dash: inheritedDash } : look;
}
