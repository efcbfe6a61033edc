import type { ColumnRole } from '../../../src-main/contract/methods.ts';

export const roleOrder = [
  'text',
  'textPair',
  'label',
  'prompt',
  'completion',
] as const satisfies readonly ColumnRole[];
