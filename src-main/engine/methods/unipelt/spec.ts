import type { MethodSpec } from '../../../contract/methods.ts';
import { modelFamilies } from '../../../contract/modelTypes.ts';
import { defineOptions } from '../../../contract/options.ts';
import { activationChoices, activationTexts, reductionFactorOption } from '../bottleneck/options.ts';
import { loraSpec } from '../lora/spec.ts';

/** Defaults: those of the adapters library's UniPELTConfig, which are the paper's. */
export const uniPeltOptions = defineOptions({
  rank: loraSpec.options.rank,
  reductionFactor: reductionFactorOption,
  prefixLength: {
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 1024,
    label: { en: 'Length of the prefix', ko: '프리픽스 길이' },
    help: {
      en: 'Learned keys and values that every block’s attention sees besides those of the text.',
      ko: '모든 블록의 어텐션이 글의 키와 값 외에 함께 보는 학습된 키와 값의 수입니다.',
    },
  },
  hiddenSize: {
    type: 'integer',
    default: 512,
    minimum: 1,
    maximum: 8192,
    label: { en: 'Width of the prefix network', ko: '프리픽스 신경망 너비' },
    help: {
      en: 'The prefix comes out of a small network of this width.',
      ko: '프리픽스를 만들어 내는 작은 신경망의 너비입니다.',
    },
    advanced: true,
  },
  activation: { type: 'choice', default: 'relu', choices: activationChoices, ...activationTexts },
});

export const uniPeltSpec = {
  id: 'unipelt',
  name: { en: 'UniPELT', ko: 'UniPELT' },
  summary: {
    en: 'Trains LoRA, a prefix and adapters together, and gates that decide for each text how much of each is used.',
    ko: 'LoRA, 프리픽스, 어댑터를 함께 학습하고, 글마다 각각을 얼마나 쓸지 정하는 게이트를 둡니다.',
  },
  advice: {
    en: 'When it is unclear which small method suits the data, above all with few examples. Slower and larger than each of its parts, and it cannot be merged. Learning rates around 5e-4.',
    ko: '데이터에 어떤 방법이 맞는지 모를 때, 특히 예시가 적을 때 씁니다. 각 방법보다 느리고 크며 모델에 합칠 수 없습니다. 학습률은 5e-4 안팎으로 두세요.',
  },
  paper: 'https://arxiv.org/abs/2110.07577',
  traits: {
    family: 'combined',
    base: 'fixed',
    adds: {
      en: 'Narrow matrices, keys and values, and small networks, each behind a gate',
      ko: '게이트가 달린 좁은 행렬, 키와 값, 작은 신경망',
    },
    where: {
      en: 'Query and value, the attention and behind the feed-forward part of every block',
      ko: '모든 블록의 쿼리와 값, 어텐션, 피드포워드 뒤',
    },
    inference: 'longer',
    learningRate: 5e-4,
  },
  tasks: loraSpec.tasks,
  modelTypes: modelFamilies.encoder,
  options: uniPeltOptions,
} as const satisfies MethodSpec;
