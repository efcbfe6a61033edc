import type { Command } from 'commander';
import { taskSchema } from '../../contract/methods.ts';
import { say } from '../language.ts';

const texts = {
  model: { en: 'an id from `models list`, or a model folder', ko: '`models list`의 id 또는 모델 폴더' },
  data: { en: 'a dataset from `data list`, instead of files', ko: '파일 대신 쓸 `data list`의 데이터셋' },
  trainFile: { en: 'file with training rows', ko: '학습용 파일' },
  validationFile: { en: 'file with validation rows', ko: '검증용 파일' },
  testFile: { en: 'file with test rows', ko: '시험용 파일' },
  task: {
    en: `${taskSchema.options.join(', ')}; left out: what the columns say`,
    ko: `${taskSchema.options.join(', ')}(생략하면 열을 보고 정함)`,
  },
  watch: {
    en: 'a dataset from `data list` that is not learned from, but measured before training and at each evaluation: what the model forgets',
    ko: '배우지 않고 학습 전과 평가 때마다 재기만 할 `data list`의 데이터셋(무엇을 잊는지 봄)',
  },
} as const;

/** Adds the flags that say what to train on what. */
export function addMaterialFlags(command: Command): Command {
  return command
    .option('--model <model>', say(texts.model))
    .option('--data <dataset>', say(texts.data))
    .option('--train <file...>', say(texts.trainFile))
    .option('--validation <file...>', say(texts.validationFile))
    .option('--test <file...>', say(texts.testFile))
    .option('--task <task>', say(texts.task))
    .option('--watch <dataset>', say(texts.watch));
}
