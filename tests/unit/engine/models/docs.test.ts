import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { headOf, taskSchema } from '../../../../src-main/contract/methods.ts';
import { modelFamilies, modelNames, modelTypes } from '../../../../src-main/contract/modelTypes.ts';
import { chooseTargets } from '../../../../src-main/engine/methods/targets.ts';
import { outlineModel } from '../../../../src-main/engine/models/outline.ts';
import { architectures } from '../../../../src-main/engine/models/registry.ts';
import { recordedFiles, taskOf } from '../../../parity/recordings.ts';
import { projectRoot } from '../testBackend.ts';

it('docs/models.md lists every architecture with its kind, tasks and default targets', () => {
  const page = readFileSync(join(projectRoot, 'docs/models.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => /^\| .*`/.test(line) && !line.includes('`model_type`'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
  const expected = modelTypes.map((modelType) => {
    const { classNames } = architectures[modelType];
    const tasks = taskSchema.options.filter((task) => classNames[headOf(task)] !== undefined);
    const kind = Object.entries(modelFamilies).find(([, types]) =>
      types.some((type: string) => type === modelType),
    )?.[0];
    const outline = outlineModel(recordedFiles(modelType), modelType, taskOf(modelType), 3);
    const targets = chooseTargets(outline, []);
    return [modelNames[modelType], modelType, kind, tasks.join(', '), targets.join(', ')];
  });
  expect(rows).toEqual(expected);
});
