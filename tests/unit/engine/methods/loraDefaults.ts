import { checkOptions } from '../../../../src-main/contract/options.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';

/** Every LoRA option at its default. */
export const loraDefaults = checkOptions(methods.lora.spec.options, {}, '').values;
