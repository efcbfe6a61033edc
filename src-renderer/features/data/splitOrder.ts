import type { Split } from '../../../src-main/contract/datasets.ts';

export const splitOrder = ['train', 'validation', 'test'] as const satisfies readonly Split[];
