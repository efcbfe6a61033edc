import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import { layerDecayOption } from '../blockDepth.ts';

export const freezingSpec = {
  id: 'freezing',
  name: { en: 'Layer freezing', ko: '층 고정' },
  summary: {
    en: 'Trains the upper layers and the task head, and leaves the layers below as they are.',
    ko: '위쪽 층과 과제 헤드만 학습하고 아래쪽 층은 그대로 둡니다.',
  },
  advice: {
    en: 'Between linear probing and full fine-tuning. Lower layers hold what all texts share, upper layers what a task needs; training only those is fast, because the part below is computed once for each row. Use a learning rate such as 5e-5.',
    ko: '선형 프로빙과 전체 미세조정의 중간입니다. 아래층은 모든 글에 공통된 것을, 위층은 과제에 필요한 것을 담고 있습니다. 위층만 학습하면 아래쪽은 행마다 한 번만 계산하므로 빠릅니다. 학습률은 5e-5 정도로 두세요.',
  },
  paper: 'https://arxiv.org/abs/1911.03090',
  traits: {
    family: 'ownWeights',
    base: 'partlyTrained',
    adds: {
      en: 'Nothing',
      ko: '없음',
    },
    where: { en: 'Upper blocks and the head', ko: '위쪽 블록과 헤드' },
    inference: 'none',
    learningRate: 1e-4,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    lastLayers: {
      type: 'integer',
      default: 2,
      minimum: 0,
      maximum: 1000,
      label: { en: 'Layers to train', ko: '학습할 층 수' },
      help: {
        en: 'How many of the last blocks are trained, besides the task head and what stands between them. 0: only that.',
        ko: '뒤에서부터 몇 개의 블록을 학습할지 정합니다. 과제 헤드와 그 사이에 있는 부분은 늘 학습합니다. 0이면 그것만 학습합니다.',
      },
    },
    layers: {
      type: 'integers',
      default: [],
      label: { en: 'Layer numbers', ko: '층 번호' },
      help: {
        en: 'Exactly these blocks are trained, counted from 0, instead of the last ones. Empty: the last ones.',
        ko: '마지막 블록들 대신 여기에 적은 블록(0부터)만 학습합니다. 비우면 마지막 블록들입니다.',
      },
      advanced: true,
    },
    embeddings: {
      type: 'boolean',
      default: false,
      label: { en: 'Train the embeddings', ko: '임베딩 학습' },
      help: {
        en: 'Also trains the word and position embeddings, for texts with many new words. Nothing can be computed ahead then.',
        ko: '단어와 위치 임베딩도 학습합니다. 새 단어가 많은 글에 씁니다. 이때는 미리 계산해 둘 수 있는 부분이 없습니다.',
      },
      advanced: true,
    },
    gradual: {
      type: 'boolean',
      default: false,
      label: { en: 'Unfreeze step by step', ko: '점진적 해동' },
      help: {
        en: 'Begins with what stands above the blocks and then releases one block after the other, from the top down to the lowest chosen one: what the model knows is disturbed less (ULMFiT). Blocks that are still frozen cost no backward pass.',
        ko: '블록 위쪽 부분부터 학습하고, 위에서 아래로 블록을 하나씩 풀어 줍니다. 모델이 이미 아는 것을 덜 흐트러뜨립니다(ULMFiT). 아직 얼어 있는 블록은 역전파 비용이 들지 않습니다.',
      },
    },
    unfreezeEverySteps: {
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 1_000_000,
      label: { en: 'Steps per block', ko: '블록당 단계 수' },
      help: {
        en: 'After how many steps the next block is released. 0: after every epoch.',
        ko: '몇 단계마다 다음 블록을 풀지 정합니다. 0이면 에폭마다 풉니다.',
      },
      appliesWhen: { option: 'gradual', oneOf: [true] },
    },
    layerDecay: layerDecayOption,
  }),
} as const satisfies MethodSpec;
