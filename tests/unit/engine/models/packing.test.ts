import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import type { Example } from '../../../../src-main/engine/data/examples.ts';
import { unlabelled } from '../../../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { type Model, evaluationPass } from '../../../../src-main/engine/models/model.ts';
import { objectiveFor } from '../../../../src-main/engine/objectives/registry.ts';
import { expectGradient } from '../../../parity/closeness.ts';
import { cases, recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

const texts = [[5, 9, 7], [8, 6, 11, 3, 14, 2, 9], [12, 30, 4, 9, 11], [3]];

describe.each(['fused', 'composed'] as const)('on %s operations', (form) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadTestBackend(form);
  });

  describe.each(cases)('$modelType, $task', ({ modelType, task }) => {
    let model: Model;
    beforeAll(() => {
      const files = recordedFiles(modelType);
      model = loadModel({ files, folder: modelType, backend, task, labels: ['a', 'b', 'c'], seed: 1 });
      for (const parameter of model.parameters.values()) parameter.trainable = true;
    });
    afterAll(() => model.dispose());

    const examples: Example[] = texts.map((ids, index) => ({
      ids,
      typeIds: null,
      target: task === 'classification' ? index % 3 : ids.map((id, place) => (place < 2 ? unlabelled : id)),
    }));

    const { open, spec } = objectiveFor(task);
    const { values: options } = checkOptions(spec.options, {}, 'objective');
    const tokenizer = loadTokenizer(recordedFiles('tokenizers/wordpiece'), 'tokenizers/wordpiece');
    const objective = open({ tokenizer, labels: ['a', 'b', 'c'], options, trainRows: [] });

    /** Loss and all gradients of the batch. */
    function measure(packs: boolean) {
      const gradients = new Map<string, Float32Array>();
      let loss = NaN;
      scope(() => {
        const place = { backend, padId: 0, packs };
        loss = backpropagate(
          model.parameters.values(),
          () => objective.measure(model, examples, place, evaluationPass).loss,
        );
        for (const [name, parameter] of model.parameters) {
          if (parameter.gradient) gradients.set(name, Float32Array.from(parameter.gradient.values()));
          parameter.clearGradient();
        }
      });
      return { loss, gradients };
    }

    it('packed texts give the loss and the gradients of padded ones', () => {
      if (!model.canPack) return;
      const padded = measure(false);
      const packed = measure(true);
      expect(Math.abs(packed.loss - padded.loss)).toBeLessThan(1e-5);
      expect([...packed.gradients.keys()]).toEqual([...padded.gradients.keys()]);
      for (const [name, gradient] of packed.gradients) {
        expectGradient(gradient, padded.gradients.get(name) ?? [], name);
      }
    });
  });
});
