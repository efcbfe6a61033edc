import { adaptersErrors } from './adapters.ts';
import { bakeOffSentences } from './bakeOff.ts';
import { checkpointErrors } from './checkpoints.ts';
import { coachSentences } from './coach.ts';
import { commonErrors } from './common.ts';
import { curatingErrors } from './curating.ts';
import { datasetsErrors } from './datasets.ts';
import type { ErrorTexts } from './errorText.ts';
import { formatsErrors } from './formats.ts';
import { healthErrors } from './health.ts';
import { hostsErrors } from './hosts.ts';
import { labelsErrors } from './labels.ts';
import { methodsErrors } from './methods.ts';
import { modelsErrors } from './models.ts';
import { optionErrors } from './options.ts';
import { platformErrors } from './platform.ts';
import { runLogErrors } from './runLog.ts';
import { runsErrors } from './runs.ts';
import { sampleErrors } from './samples.ts';
import { watchSentences } from './watch.ts';

/** Every error sentence of the workbench, by code, in every language. */
export const errorCatalogue = {
  ...commonErrors,
  ...optionErrors,
  ...formatsErrors,
  ...modelsErrors,
  ...methodsErrors,
  ...adaptersErrors,
  ...datasetsErrors,
  ...curatingErrors,
  ...healthErrors,
  ...labelsErrors,
  ...runsErrors,
  ...checkpointErrors,
  ...runLogErrors,
  ...platformErrors,
  ...hostsErrors,
  ...coachSentences,
  ...bakeOffSentences,
  ...watchSentences,
  ...sampleErrors,
} as const satisfies ErrorTexts;

export type ErrorCode = keyof typeof errorCatalogue;
