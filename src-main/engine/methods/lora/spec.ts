import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';

/** Defaults: rank and α of the paper's RoBERTa runs, α twice the rank as is common since. */
export const loraOptions = defineOptions({
  rank: {
    type: 'integer',
    default: 8,
    minimum: 1,
    maximum: 4096,
    label: { en: 'Rank', ko: '랭크' },
    help: {
      en: 'Width of the added matrices: how much the adapter can learn. 4 to 16 suit most tasks; every doubling doubles its size.',
      ko: '추가하는 행렬의 너비로, 어댑터가 배울 수 있는 양입니다. 대개 4~16이면 충분하고, 두 배로 늘리면 크기도 두 배가 됩니다.',
    },
  },
  alpha: {
    type: 'number',
    default: 16,
    above: 0,
    label: { en: 'Alpha', ko: '알파' },
    help: {
      en: 'Strength of the adapter: its output is multiplied by alpha / rank. Usually once or twice the rank.',
      ko: '어댑터의 세기입니다. 출력에 알파 ÷ 랭크를 곱합니다. 보통 랭크와 같거나 두 배로 둡니다.',
    },
  },
  dropout: {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 0.95,
    label: { en: 'Dropout', ko: '드롭아웃' },
    help: {
      en: 'Share of the adapter’s inputs set to zero while training. 0.05 to 0.1 helps against overfitting on little data.',
      ko: '학습 중 어댑터 입력을 0으로 만드는 비율입니다. 데이터가 적을 때 0.05~0.1이 과적합을 줄여 줍니다.',
    },
  },
  targets: {
    type: 'list',
    default: [],
    suggest: 'linearNames',
    label: { en: 'Target layers', ko: '대상 층' },
    help: {
      en: 'Linear layers that get an adapter: names such as query, "all-linear", or one regular expression for whole layer paths. Empty: query and value of the attention. Word embeddings can be named, too.',
      ko: '어댑터를 붙일 선형 층입니다. query 같은 이름, "all-linear", 또는 층 경로 전체와 맞는 정규식 하나를 쓸 수 있습니다. 비우면 어텐션의 query와 value입니다. 단어 임베딩도 이름으로 고를 수 있습니다.',
    },
  },
  bias: {
    type: 'choice',
    default: 'none',
    choices: [
      { value: 'none', label: { en: 'None', ko: '학습 안 함' } },
      { value: 'lora_only', label: { en: 'Of the target layers', ko: '대상 층만' } },
      { value: 'all', label: { en: 'All', ko: '모두' } },
    ],
    label: { en: 'Train biases', ko: '편향 학습' },
    help: {
      en: 'Which of the model’s own biases are trained as well. With anything but "none", taking the adapter off no longer gives the base model back.',
      ko: '모델 자체의 편향 중 무엇을 함께 학습할지 정합니다. "학습 안 함"이 아니면 어댑터를 떼어도 기본 모델로 돌아가지 않습니다.',
    },
    advanced: true,
  },
  useRslora: {
    type: 'boolean',
    default: false,
    label: { en: 'Rank-stabilised scaling (rsLoRA)', ko: '랭크 안정화 스케일링(rsLoRA)' },
    help: {
      en: 'Multiplies by alpha / √rank instead of alpha / rank, so that large ranks keep learning.',
      ko: '알파 ÷ 랭크 대신 알파 ÷ √랭크를 곱해 랭크가 커도 학습이 잘 되게 합니다.',
    },
    advanced: true,
  },
  useDora: {
    type: 'boolean',
    default: false,
    label: { en: 'Train lengths apart (DoRA)', ko: '크기를 따로 학습(DoRA)' },
    help: {
      en: 'Trains the length of each weight row apart from its direction. Often better at small ranks; slower, and it needs memory for whole weights while training.',
      ko: '가중치 행마다 크기와 방향을 따로 학습합니다. 랭크가 작을 때 더 나은 경우가 많지만, 느리고 학습 중에 가중치 전체만큼의 메모리가 더 듭니다.',
    },
    advanced: true,
  },
  rateRatio: {
    type: 'number',
    default: 1,
    minimum: 1,
    maximum: 1000,
    label: { en: 'Learning-rate ratio (LoRA+)', ko: '학습률 비율(LoRA+)' },
    help: {
      en: 'How many times faster the second matrix learns than the first. LoRA+ recommends 16, with a lower learning rate; 1 is plain LoRA.',
      ko: '둘째 행렬이 첫째 행렬보다 몇 배 빠르게 배울지 정합니다. LoRA+는 학습률을 낮추고 16을 권합니다. 1이면 보통의 LoRA입니다.',
    },
    advanced: true,
  },
  init: {
    type: 'choice',
    default: 'kaiming',
    choices: [
      { value: 'kaiming', label: { en: 'Uniform (Kaiming)', ko: '균등(Kaiming)' } },
      { value: 'gaussian', label: { en: 'Normal', ko: '정규' } },
      { value: 'pissa', label: { en: 'Principal part of the weight (PiSSA)', ko: '가중치의 주성분(PiSSA)' } },
    ],
    label: { en: 'Initial values', ko: '초깃값' },
    help: {
      en: 'How the first matrix starts; the second one starts at zero. PiSSA starts both as the principal part of each weight, which is often learned faster. Training begins exactly at the base model either way.',
      ko: '첫 행렬의 초깃값이며 둘째 행렬은 0에서 시작합니다. PiSSA는 두 행렬을 가중치의 주성분에서 시작해 더 빨리 배우는 경우가 많습니다. 어느 쪽이든 학습은 정확히 기본 모델에서 출발합니다.',
    },
    advanced: true,
  },
  rankPattern: {
    type: 'numberMap',
    default: {},
    label: { en: 'Rank by layer', ko: '층별 랭크' },
    help: {
      en: 'Other ranks for some layers, by the end of their path, for example output.dense: 4.',
      ko: '일부 층에만 다른 랭크를 씁니다. 층 경로의 끝부분으로 적습니다. 예: output.dense: 4.',
    },
    advanced: true,
  },
  alphaPattern: {
    type: 'numberMap',
    default: {},
    label: { en: 'Alpha by layer', ko: '층별 알파' },
    help: {
      en: 'Other alphas for some layers, by the end of their path.',
      ko: '일부 층에만 다른 알파를 씁니다. 층 경로의 끝부분으로 적습니다.',
    },
    advanced: true,
  },
  layers: {
    type: 'integers',
    default: [],
    label: { en: 'Layer numbers', ko: '층 번호' },
    help: {
      en: 'Blocks that get adapters, counted from 0. Empty: all of them.',
      ko: '어댑터를 붙일 블록 번호(0부터)입니다. 비우면 모두입니다.',
    },
    advanced: true,
  },
  exclude: {
    type: 'list',
    default: [],
    suggest: 'linearNames',
    label: { en: 'Excluded layers', ko: '제외할 층' },
    help: {
      en: 'Layers that get no adapter although a target matches them; names or one regular expression.',
      ko: '대상에 맞더라도 어댑터를 붙이지 않을 층입니다. 이름이나 정규식 하나를 씁니다.',
    },
    advanced: true,
  },
  modulesToSave: {
    type: 'list',
    default: [],
    label: { en: 'Modules trained in full', ko: '전체를 학습할 모듈' },
    help: {
      en: 'Parts of the model that are trained and saved whole, besides the task head, for example embed_tokens when the texts bring many new words.',
      ko: '과제 헤드 외에 전체를 학습하고 저장할 부분입니다. 예를 들어 새 단어가 많을 때 embed_tokens를 씁니다.',
    },
    advanced: true,
  },
  loraBias: {
    type: 'boolean',
    default: false,
    label: { en: 'Bias in the adapter', ko: '어댑터에 편향 추가' },
    help: {
      en: 'Gives the second matrix a bias of its own.',
      ko: '둘째 행렬에 별도의 편향을 둡니다.',
    },
    advanced: true,
  },
});

export const loraSpec = {
  id: 'lora',
  name: { en: 'LoRA', ko: 'LoRA' },
  summary: {
    en: 'Leaves the model as it is and trains two small matrices beside some of its layers.',
    ko: '모델은 그대로 두고 일부 층 옆에 작은 행렬 두 개를 붙여 학습합니다.',
  },
  advice: {
    en: 'The usual choice: nearly the quality of full fine-tuning with a fraction of its memory, and a result of a few megabytes. Use a higher learning rate than for full fine-tuning, such as 2e-4 to 2e-3.',
    ko: '가장 널리 쓰는 방법입니다. 적은 메모리로 전체 미세조정에 가까운 품질을 내고 결과물은 몇 메가바이트입니다. 학습률은 전체 미세조정보다 높게(2e-4~2e-3) 두세요.',
  },
  paper: 'https://arxiv.org/abs/2106.09685',
  traits: {
    family: 'weightChanges',
    base: 'fixed',
    adds: {
      en: 'Two narrow matrices whose product is added to a layer’s weights',
      ko: '층의 가중치에 곱을 더하는 좁은 행렬 두 개',
    },
    where: { en: 'Beside chosen linear layers', ko: '고른 선형 층 옆' },
    inference: 'noneOnceMerged',
    learningRate: 5e-4,
  },
  tasks: allTasks,
  modelTypes,
  options: loraOptions,
} as const satisfies MethodSpec;
