import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelFamilies } from '../../../contract/modelTypes.ts';

export const noahSpec = {
  id: 'noah',
  name: { en: 'NOAH', ko: 'NOAH' },
  summary: {
    en: 'Searches for the best mix of virtual tokens, adapters and LoRA, block by block, within a budget.',
    ko: '정해진 크기 안에서 가상 토큰, 어댑터, LoRA의 가장 좋은 조합을 블록별로 찾습니다.',
  },
  advice: {
    en: 'For when an adapter should be as good as possible for its size and time does not matter. The first part of the run trains all mixes at once, then a search measures many of them on the validation rows, and the rest of the run trains the winner from the start.',
    ko: '시간이 들더라도 같은 크기에서 가장 좋은 어댑터를 원할 때 씁니다. 실행의 앞부분에서 모든 조합을 한꺼번에 학습하고, 검증 데이터로 여러 조합을 재어 고른 뒤, 나머지 시간에 이긴 조합을 처음부터 학습합니다.',
  },
  paper: 'https://arxiv.org/abs/2206.04673',
  traits: {
    family: 'combined',
    base: 'fixed',
    adds: {
      en: 'Virtual tokens, LoRA matrices and small networks in sizes that are searched',
      ko: '크기를 탐색해서 정하는 가상 토큰, LoRA 행렬, 작은 신경망',
    },
    where: {
      en: 'Before the text, beside the attention’s layers and behind the feed-forward part',
      ko: '글 앞, 어텐션 층 옆, 피드포워드 뒤',
    },
    inference: 'longer',
    learningRate: 1e-3,
  },
  tasks: allTasks.filter((task) => task !== 'seq2seq'),
  modelTypes: [...modelFamilies.encoder, ...modelFamilies.decoder],
  options: defineOptions({
    sizes: {
      type: 'integers',
      default: [2, 4, 8, 16],
      label: { en: 'Sizes to try', ko: '시도할 크기' },
      help: {
        en: 'LoRA ranks and adapter widths that a block may have.',
        ko: '블록이 가질 수 있는 LoRA 랭크와 어댑터 너비입니다.',
      },
    },
    promptSizes: {
      type: 'integers',
      default: [1, 5, 10],
      label: { en: 'Virtual tokens to try', ko: '시도할 가상 토큰 수' },
      help: {
        en: 'How many virtual tokens may stand before every text.',
        ko: '모든 글 앞에 둘 수 있는 가상 토큰의 수입니다.',
      },
    },
    maximumParameters: {
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 1_000_000_000,
      label: { en: 'Budget in parameters', ko: '파라미터 예산' },
      help: {
        en: 'The winner may add at most this many numbers, besides the head. 0: half of what the largest mix has.',
        ko: '이긴 조합이 헤드를 빼고 더할 수 있는 숫자의 한도입니다. 0이면 가장 큰 조합의 절반입니다.',
      },
    },
    supernetShare: {
      type: 'number',
      default: 0.5,
      above: 0,
      maximum: 0.95,
      label: { en: 'Share of steps before the search', ko: '탐색 전 단계의 비율' },
      help: {
        en: 'Which part of the run trains all mixes; the rest trains the winner.',
        ko: '실행 가운데 모든 조합을 학습하는 부분의 비율입니다. 나머지는 이긴 조합을 학습합니다.',
      },
    },
    population: {
      type: 'integer',
      default: 20,
      minimum: 2,
      maximum: 1000,
      label: { en: 'Candidates per generation', ko: '세대당 후보 수' },
      help: {
        en: 'How many mixes each generation of the search measures on the validation rows. The paper has 50.',
        ko: '탐색의 한 세대에서 검증 데이터로 잴 조합의 수입니다. 논문은 50개를 씁니다.',
      },
      advanced: true,
    },
    generations: {
      type: 'integer',
      default: 5,
      minimum: 1,
      maximum: 1000,
      label: { en: 'Generations', ko: '세대 수' },
      help: {
        en: 'How often the best mixes have children. The paper has 15.',
        ko: '가장 좋은 조합들이 몇 번이나 자손을 만들지 정합니다. 논문은 15번입니다.',
      },
      advanced: true,
    },
  }),
} as const satisfies MethodSpec;
