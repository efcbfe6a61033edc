import type { ErrorTexts } from './errorText.ts';

/** Errors in using several adapters on one base model. */
export const adaptersErrors = {
  'adapters.notFound': {
    message: { en: 'There is no adapter "{id}".', ko: '"{id}" 어댑터를 찾을 수 없습니다.' },
    hint: {
      en: '"tunebench adapters list" names all there are.',
      ko: '"tunebench adapters list"로 있는 어댑터를 볼 수 있습니다.',
    },
  },
  'run.adaptersUnderModel': {
    message: {
      en: '{method} writes a whole model, which the adapters under it would be no part of.',
      ko: '{method}은(는) 전체 모델을 저장하므로 아래에 둔 어댑터가 결과에 들어가지 않습니다.',
    },
    hint: {
      en: 'Leave the adapters out, or choose a method whose result is an adapter, such as LoRA or Pfeiffer adapters.',
      ko: '어댑터를 빼거나, LoRA나 Pfeiffer 어댑터처럼 결과가 어댑터인 방법을 고르세요.',
    },
  },
  'adapters.noFolder': {
    message: {
      en: 'There is no adapter of PEFT or the adapters library in {folder}.',
      ko: '{folder}에 PEFT나 adapters 라이브러리의 어댑터가 없습니다.',
    },
    hint: {
      en: 'Choose the folder that holds adapter_config.json and the .safetensors file.',
      ko: 'adapter_config.json과 .safetensors 파일이 있는 폴더를 고르세요.',
    },
  },
  'adapters.notMergedAlone': {
    message: {
      en: '"{name}" was trained on top of other adapters, so it cannot be merged into the base model alone.',
      ko: '"{name}"은(는) 다른 어댑터 위에서 학습해서 혼자서는 기본 모델에 합칠 수 없습니다.',
    },
    hint: {
      en: 'Export it as an adapter, or combine the LoRA adapters into one first.',
      ko: '어댑터로 내보내거나, LoRA 어댑터들을 먼저 하나로 합치세요.',
    },
  },
  'adapters.onlyOne': {
    message: {
      en: '{count} of these adapters put a {what} of their own before the text, but only one can at a time.',
      ko: '이 어댑터들 가운데 {count}개가 텍스트 앞에 각자의 {what}을(를) 두지만 한 번에 하나만 쓸 수 있습니다.',
    },
    hint: {
      en: 'Switch all but one of them off.',
      ko: '하나만 남기고 나머지를 끄세요.',
    },
  },
  'adapters.notWeighable': {
    message: {
      en: 'An adapter of virtual tokens cannot count {weight} times.',
      ko: '가상 토큰 어댑터에는 가중치 {weight}을(를) 줄 수 없습니다.',
    },
    hint: {
      en: 'Give it the weight 1, or 0 to switch it off.',
      ko: '가중치를 1로 두거나, 끄려면 0으로 두세요.',
    },
  },
  'adapters.otherBase': {
    message: {
      en: 'The adapter "{name}" belongs to the base model "{own}", but this is "{base}".',
      ko: '어댑터 "{name}"의 기본 모델은 "{own}"인데 지금 모델은 "{base}"입니다.',
    },
    hint: {
      en: 'Adapters work together only on the base model they were trained on.',
      ko: '어댑터는 같은 기본 모델에서 학습한 것끼리만 함께 쓸 수 있습니다.',
    },
  },
  'adapters.cannotCombine': {
    message: {
      en: 'The adapter in {folder} is no plain LoRA ({detail}), so it cannot become part of one adapter.',
      ko: '{folder}의 어댑터는 일반 LoRA가 아니어서({detail}) 하나로 합칠 수 없습니다.',
    },
    hint: {
      en: 'Use it together with others without combining, or choose LoRA adapters without DoRA and without biases.',
      ko: '합치지 말고 함께 켜서 쓰거나, DoRA와 편향이 없는 LoRA 어댑터를 고르세요.',
    },
  },
  'adapters.differentShapes': {
    message: {
      en: 'At {module} these adapters have changes of different shapes: {shapes}.',
      ko: '{module}에서 어댑터들의 변화량 모양이 서로 다릅니다: {shapes}.',
    },
    hint: {
      en: 'They were made for different base models. Choose adapters of one base model.',
      ko: '서로 다른 기본 모델의 어댑터입니다. 같은 기본 모델의 어댑터를 고르세요.',
    },
  },
  'adapters.differentRanks': {
    message: {
      en: 'Averaging needs adapters of one rank, but these have {ranks}.',
      ko: '평균을 내려면 랭크가 같아야 하는데 이 어댑터들의 랭크는 {ranks}입니다.',
    },
    hint: {
      en: 'Combine them by concatenation, which is exact as well.',
      ko: '이어 붙이기로 합치세요. 결과도 더 정확합니다.',
    },
  },
  'adapters.needSeveral': {
    message: {
      en: 'Combining needs at least two adapters; {count} was given.',
      ko: '합치려면 어댑터가 둘 이상 있어야 하는데 {count}개뿐입니다.',
    },
    hint: { en: 'Name another adapter.', ko: '어댑터를 더 고르세요.' },
  },
  'adapters.ofRun': {
    message: {
      en: 'The adapter "{name}" is the result of a run, so it is removed with that run.',
      ko: '어댑터 "{name}"은(는) 실행의 결과이므로 그 실행과 함께 지워집니다.',
    },
    hint: { en: 'Delete the run.', ko: '실행을 지우세요.' },
  },
} as const satisfies ErrorTexts;
