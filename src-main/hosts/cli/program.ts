import { Command } from 'commander';
import { say } from '../language.ts';
import { version } from '../openHost.ts';
import { addBackupVerb } from './verbs/backup.ts';
import { addCompareMethodsVerb } from './verbs/compareMethods.ts';
import { addAdaptersVerb } from './verbs/adapters.ts';
import { addDataVerb } from './verbs/data.ts';
import { addExportVerb } from './verbs/export.ts';
import { addMethodsVerb } from './verbs/methods.ts';
import { addModelsVerb } from './verbs/models.ts';
import { addRunsVerb } from './verbs/runs.ts';
import { addServeVerb } from './verbs/serve.ts';
import { addStudyVerb } from './verbs/study.ts';
import { addTrainVerb } from './verbs/train.ts';
import { addTryVerbs } from './verbs/try.ts';

/** All verbs with their flags; problems of the flags themselves are thrown after they were printed. */
export function createProgram(): Command {
  const program = new Command('tunebench')
    .description(
      say({
        en: 'Fine-tune language models on your own computer.',
        ko: '내 컴퓨터에서 언어 모델을 미세조정합니다.',
      }),
    )
    .version(version)
    .showSuggestionAfterError()
    .exitOverride();

  addServeVerb(program);
  addModelsVerb(program);
  addAdaptersVerb(program);
  addDataVerb(program);
  addMethodsVerb(program);
  addTrainVerb(program);
  addCompareMethodsVerb(program);
  addStudyVerb(program);
  addRunsVerb(program);
  addTryVerbs(program);
  addExportVerb(program);
  addBackupVerb(program);
  return program;
}
