/** The workbench from the terminal: `tunebench <verb>`. */
import { Command, CommanderError } from 'commander';
import { say } from '../language.ts';
import { version } from '../openHost.ts';
import { Output } from './output.ts';
import { addDataVerb } from './verbs/data.ts';
import { addExportVerb } from './verbs/export.ts';
import { addModelsVerb } from './verbs/models.ts';
import { addRunsVerb } from './verbs/runs.ts';
import { addServeVerb } from './verbs/serve.ts';
import { addTrainVerb } from './verbs/train.ts';
import { addTryVerbs } from './verbs/try.ts';

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
addDataVerb(program);
addTrainVerb(program);
addRunsVerb(program);
addTryVerbs(program);
addExportVerb(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already printed its sentence, or the help that was asked for.
    process.exitCode = error.exitCode;
  } else {
    new Output(process.argv.includes('--json')).fail(error);
    process.exitCode = 1;
  }
}
