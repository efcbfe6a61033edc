import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';

export const llamaAdapterSpec = {
  id: 'llamaAdapter',
  name: { en: 'LLaMA-Adapter', ko: 'LLaMA-Adapter' },
  summary: {
    en: 'Lets the attention of the upper blocks look at a learned prompt, through a gate that is closed at the start.',
    ko: '위쪽 블록의 어텐션이 학습된 프롬프트를 보게 합니다. 그 문은 처음에 닫혀 있습니다.',
  },
  advice: {
    en: 'Made to turn a language model into one that follows instructions. Training starts exactly at the base model and opens the gates by and by, which is gentler than prefix tuning. Use a learning rate such as 9e-3 with some warm-up.',
    ko: '언어 모델이 지시를 따르게 만들기 위한 방법입니다. 학습은 정확히 기본 모델에서 출발해 문을 조금씩 열어 가므로 프리픽스 튜닝보다 완만합니다. 워밍업을 두고 학습률은 9e-3 정도로 하세요.',
  },
  paper: 'https://arxiv.org/abs/2303.16199',
  traits: {
    family: 'virtualTokens',
    base: 'fixed',
    adds: {
      en: 'Prompts behind gates that open from zero',
      ko: '0에서 열리는 게이트 뒤의 프롬프트',
    },
    where: { en: 'The attention of upper blocks', ko: '위쪽 블록의 어텐션' },
    inference: 'slower',
    learningRate: 9e-3,
  },
  tasks: allTasks,
  modelTypes: ['gpt2', 'llama', 'mistral', 'qwen2'],
  options: defineOptions({
    length: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 4096,
      label: { en: 'Prompt length', ko: '프롬프트 길이' },
      help: {
        en: 'How many learned tokens each block looks at. They take no positions from the text.',
        ko: '블록마다 보는 학습된 토큰의 수입니다. 글의 위치를 차지하지 않습니다.',
      },
    },
    lastLayers: {
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 1000,
      label: { en: 'Blocks', ko: '블록 수' },
      help: {
        en: 'How many of the last blocks get a prompt; the paper leaves out the lowest two. 0: all of them.',
        ko: '뒤에서부터 몇 개의 블록에 프롬프트를 붙일지 정합니다. 논문에서는 맨 아래 두 개를 뺍니다. 0이면 모두입니다.',
      },
    },
    form: {
      type: 'choice',
      default: 'peft',
      choices: [
        { value: 'peft', label: { en: 'As PEFT does it', ko: 'PEFT 방식' } },
        { value: 'paper', label: { en: 'As in the paper', ko: '논문 방식' } },
      ],
      label: { en: 'Form of the gate', ko: '문의 형태' },
      help: {
        en: 'PEFT: one gate for each block, and a result PEFT can load. Paper: one gate for each head, kept between −1 and 1.',
        ko: 'PEFT: 블록마다 문이 하나이고 결과를 PEFT에서 불러올 수 있습니다. 논문: 헤드마다 문이 있고 −1~1 사이로 유지됩니다.',
      },
      advanced: true,
    },
  }),
} as const satisfies MethodSpec;
