import { adalora } from './adalora/attach.ts';
import { bitfit } from './bitfit/attach.ts';
import { freezing } from './freezing/attach.ts';
import { full } from './full/attach.ts';
import { head } from './head/attach.ts';
import { houlsby } from './houlsby/attach.ts';
import { ia3 } from './ia3/attach.ts';
import { intrinsicDimension } from './intrinsicDimension/attach.ts';
import { llamaAdapter } from './llamaAdapter/attach.ts';
import { lora } from './lora/attach.ts';
import { madx } from './madx/attach.ts';
import type { Method } from './method.ts';
import { noah } from './noah/attach.ts';
import { pTuning } from './pTuning/attach.ts';
import { pfeiffer } from './pfeiffer/attach.ts';
import { prefixTuning } from './prefixTuning/attach.ts';
import { promptEnsemble } from './promptEnsemble/attach.ts';
import { promptTuning } from './promptTuning/attach.ts';
import { qlora } from './qlora/attach.ts';
import { unipelt } from './unipelt/attach.ts';

/** Every fine-tuning method by its id: a new one is one folder and one line here. */
export const methods = {
  lora,
  qlora,
  adalora,
  full,
  freezing,
  head,
  bitfit,
  ia3,
  promptTuning,
  promptEnsemble,
  prefixTuning,
  pTuning,
  houlsby,
  pfeiffer,
  madx,
  llamaAdapter,
  unipelt,
  noah,
  intrinsicDimension,
} as const satisfies Record<string, Method>;

/** All methods, the usual choice first. */
export function listMethods(): readonly Method[] {
  return Object.values(methods);
}

export function findMethod(id: string): Method | undefined {
  return listMethods().find((method) => method.spec.id === id);
}
