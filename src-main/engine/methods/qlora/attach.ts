import { lora } from '../lora/attach.ts';
import type { Method } from '../method.ts';
import { qloraSpec } from './spec.ts';

/** LoRA on a base in NF4 (https://arxiv.org/abs/2305.14314). Its adapters are LoRA's: they say nothing of quantisation. */
export const qlora: Method<typeof qloraSpec.options> = { ...lora, spec: qloraSpec, quantization: 'nf4' };
