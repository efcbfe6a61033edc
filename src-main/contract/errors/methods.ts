import type { ErrorTexts } from './errorText.ts';

/** Errors in choosing or attaching a fine-tuning method, objective or generation. */
export const methodsErrors = {
  'method.noHead': {
    message: {
      en: 'Training only the head needs a head that is new for the task, but this one uses the model’s own ({head}).',
      ko: '헤드만 학습하려면 과제에 맞춘 새 헤드가 있어야 하는데, 이 과제는 모델이 이미 가진 헤드({head})를 씁니다.',
    },
    hint: {
      en: 'Choose LoRA or full fine-tuning for this task.',
      ko: '이 과제에는 LoRA나 전체 미세조정을 고르세요.',
    },
  },
  'method.targetMatchesNothing': {
    message: {
      en: 'No linear layer of this model matches the target "{target}".',
      ko: '"{target}"에 맞는 선형 층이 이 모델에 없습니다.',
    },
    hint: {
      en: 'Layers that can be targeted: {known}. "all-linear" takes all of them.',
      ko: '고를 수 있는 층: {known}. "all-linear"는 모두를 뜻합니다.',
    },
  },
  'method.badPattern': {
    message: {
      en: '"{pattern}" is not a valid pattern: {detail}',
      ko: '"{pattern}"은(는) 올바른 패턴이 아닙니다: {detail}',
    },
    hint: {
      en: 'Write layer names, or a regular expression that matches whole layer paths.',
      ko: '층 이름을 쓰거나 층 경로 전체와 맞는 정규식을 쓰세요.',
    },
  },
  'method.nothingTargeted': {
    message: {
      en: 'After leaving out the excluded layers, no layer is left to train.',
      ko: '제외한 층을 빼고 나면 학습할 층이 남지 않습니다.',
    },
    hint: {
      en: 'Exclude less, or choose more targets or layers.',
      ko: '제외할 층을 줄이거나 대상이나 층을 더 고르세요.',
    },
  },
  'method.fewerLayers': {
    message: {
      en: '{wanted} layers were to be trained, but this model has {count}.',
      ko: '층 {wanted}개를 학습하도록 했지만 이 모델에는 {count}개뿐입니다.',
    },
    hint: {
      en: 'Choose {count} or fewer.',
      ko: '{count} 이하로 정하세요.',
    },
  },
  'method.noSuchLayer': {
    message: {
      en: 'There is no layer {layer}: this model has the layers 0 to {last}.',
      ko: '{layer}번 층은 없습니다. 이 모델에는 0번부터 {last}번까지의 층이 있습니다.',
    },
    hint: {
      en: 'Choose layers in this range, or none for all of them.',
      ko: '이 범위에서 고르거나 비워서 모두를 고르세요.',
    },
  },
  'method.rankTooLarge': {
    message: {
      en: 'The rank {rank} is larger than the layer {layer}, which is {inFeatures} wide at its input and {outFeatures} at its output.',
      ko: '랭크 {rank}이(가) 입력 {inFeatures}, 출력 {outFeatures}인 {layer} 층보다 큽니다.',
    },
    hint: {
      en: 'For this layer the rank can be at most {limit}.',
      ko: '이 층에서 랭크는 최대 {limit}입니다.',
    },
  },
  'method.rankGrows': {
    message: {
      en: 'The average rank at the end, {targetRank}, is larger than the rank at the start, {initialRank}.',
      ko: '마지막 평균 랭크 {targetRank}이(가) 처음 랭크 {initialRank}보다 큽니다.',
    },
    hint: {
      en: 'AdaLoRA only prunes: start with a rank of at least {targetRank}, about one and a half times as much.',
      ko: 'AdaLoRA는 줄이기만 합니다. 처음 랭크를 {targetRank} 이상, 1.5배쯤으로 정하세요.',
    },
  },
  'method.noTimeToPrune': {
    message: {
      en: 'The shares before pruning, {initialShare}, and after it, {finalShare}, leave no step to prune in.',
      ko: '줄이기 전 구간 {initialShare}와(과) 줄인 뒤 구간 {finalShare} 사이에 줄일 단계가 남지 않습니다.',
    },
    hint: {
      en: 'Together they must be less than 1, for example 0.1 and 0.5.',
      ko: '둘의 합은 1보다 작아야 합니다. 예를 들어 0.1과 0.5로 정하세요.',
    },
  },
  'method.badPatternValue': {
    message: {
      en: '"{name}" gives "{pattern}" the value {value}, but it must be {expected}.',
      ko: '"{name}"에서 "{pattern}"의 값 {value}은(는) {expected}이어야 합니다.',
    },
    hint: {
      en: 'Correct this value.',
      ko: '이 값을 고치세요.',
    },
  },
  'method.patternMatchesNothing': {
    message: {
      en: '"{name}" has an entry for "{pattern}", which matches none of the targeted layers.',
      ko: '"{name}"의 "{pattern}" 항목에 맞는 대상 층이 없습니다.',
    },
    hint: {
      en: 'Targeted layers: {known}.',
      ko: '대상 층: {known}.',
    },
  },
  'method.noSuchModule': {
    message: {
      en: 'This model has no module "{module}" that could be trained in full.',
      ko: '이 모델에는 전체를 학습할 "{module}" 모듈이 없습니다.',
    },
    hint: {
      en: 'Modules are parts of weight names, for example: {known}.',
      ko: '모듈은 가중치 이름의 일부입니다. 예: {known}.',
    },
  },
  'method.tiedModule': {
    message: {
      en: '"{module}" shares its weights between the word embeddings and the output of this model, so an adapter cannot train one of them alone.',
      ko: '이 모델에서 "{module}"은(는) 단어 임베딩과 출력이 가중치를 함께 쓰므로 어댑터가 한쪽만 학습할 수 없습니다.',
    },
    hint: {
      en: 'Leave it out, or choose full fine-tuning.',
      ko: '이 모듈을 빼거나 전체 미세조정을 고르세요.',
    },
  },
  'method.doraWithBias': {
    message: {
      en: 'DoRA and a bias in the adapter exclude each other.',
      ko: 'DoRA와 어댑터의 편향은 함께 쓸 수 없습니다.',
    },
    hint: { en: 'Switch one of them off.', ko: '둘 중 하나를 끄세요.' },
  },
  'method.doraWithPissa': {
    message: {
      en: 'DoRA and a start from the weight’s principal part (PiSSA) exclude each other.',
      ko: 'DoRA와 가중치 주성분 초깃값(PiSSA)은 함께 쓸 수 없습니다.',
    },
    hint: {
      en: 'Switch DoRA off, or choose other initial values.',
      ko: 'DoRA를 끄거나 다른 초깃값을 고르세요.',
    },
  },
  'method.plainEmbedding': {
    message: {
      en: 'The adapter of the word embeddings {module} cannot be combined with DoRA, a bias in the adapter or PiSSA.',
      ko: '단어 임베딩 {module}의 어댑터에는 DoRA, 어댑터 편향, PiSSA를 함께 쓸 수 없습니다.',
    },
    hint: {
      en: 'Switch these off, or take the word embeddings out of the targets.',
      ko: '이 설정들을 끄거나 대상에서 단어 임베딩을 빼세요.',
    },
  },
  'method.dimensionTooSmall': {
    message: {
      en: 'The dimension {dimension} is too small for SAID, which spends one number on each of the model’s {tensors} weight tensors.',
      ko: '차원 {dimension}은(는) SAID에 너무 작습니다. SAID는 이 모델의 가중치 텐서 {tensors}개마다 숫자를 하나씩 씁니다.',
    },
    hint: {
      en: 'Choose a dimension above {tensors}, or the form DID.',
      ko: '차원을 {tensors}보다 크게 하거나 방식을 DID로 바꾸세요.',
    },
  },
  'method.embeddingsNotAsWide': {
    message: {
      en: 'The invertible adapter needs word embeddings as wide as the blocks, and an even width, but in this {modelType} model they are {words} and {width} wide.',
      ko: '역변환 어댑터를 쓰려면 단어 임베딩의 너비가 블록과 같고 짝수여야 하는데, 이 {modelType} 모델의 너비는 {words}와(과) {width}입니다.',
    },
    hint: {
      en: 'Choose Pfeiffer adapters, which leave the embeddings alone.',
      ko: '임베딩을 건드리지 않는 Pfeiffer 어댑터를 고르세요.',
    },
  },
  'method.badSizes': {
    message: {
      en: '"{name}" must list whole numbers from 1 up, but it says: {values}.',
      ko: '"{name}"에는 1 이상의 정수를 적어야 하는데 {values}(으)로 되어 있습니다.',
    },
    hint: { en: 'For example 2, 4, 8.', ko: '예: 2, 4, 8' },
  },
  'method.budgetTooSmall': {
    message: {
      en: 'The budget of {budget} parameters is smaller than the smallest mix, which has {smallest}.',
      ko: '예산 {budget}개가 가장 작은 조합의 파라미터 {smallest}개보다 적습니다.',
    },
    hint: {
      en: 'Raise the budget to {smallest} or more, or add smaller sizes.',
      ko: '예산을 {smallest} 이상으로 늘리거나 더 작은 크기를 추가하세요.',
    },
  },
  'method.searchNeedsValidation': {
    message: {
      en: 'NOAH compares mixes on validation rows, but the dataset has none.',
      ko: 'NOAH는 검증 데이터로 조합을 비교하는데 데이터셋에 검증 데이터가 없습니다.',
    },
    hint: {
      en: 'Split the dataset so that a tenth of its rows are for validation.',
      ko: '데이터의 10분의 1 정도를 검증용으로 나누세요.',
    },
  },
  'method.noBiases': {
    message: {
      en: 'BitFit trains biases, but the layers of this {modelType} model have none.',
      ko: 'BitFit은 편향을 학습하는데 이 {modelType} 모델의 층에는 편향이 없습니다.',
    },
    hint: {
      en: 'Choose LoRA or (IA)³, which train as few weights or fewer.',
      ko: '비슷하게 적은 가중치를 학습하는 LoRA나 (IA)³를 고르세요.',
    },
  },
  'method.feedForwardNotTargeted': {
    message: {
      en: '"{name}" is to be rescaled at its input, but is not among the target layers.',
      ko: '"{name}"의 입력을 조절하려 하지만 대상 층에 들어 있지 않습니다.',
    },
    hint: {
      en: 'Target layers: {known}. Add it to them, or leave it out here.',
      ko: '대상 층: {known}. 대상 층에 더하거나 여기서 빼세요.',
    },
  },
  'method.tooManyVirtualTokens': {
    message: {
      en: '{count} virtual tokens leave no room for a text: the model has {maximum} positions.',
      ko: '모델의 위치가 {maximum}개라서 가상 토큰 {count}개를 두면 글이 들어갈 자리가 없습니다.',
    },
    hint: {
      en: 'Use fewer virtual tokens; 10 to 100 are usual.',
      ko: '가상 토큰을 줄이세요. 보통 10~100개를 씁니다.',
    },
  },
  'method.emptyInitText': {
    message: {
      en: 'The virtual tokens are to start from a text, but there is no text.',
      ko: '가상 토큰을 글에서 시작하도록 했지만 글이 비어 있습니다.',
    },
    hint: {
      en: 'Write a sentence that describes the task, or choose other initial values.',
      ko: '과제를 설명하는 문장을 적거나 다른 초깃값을 고르세요.',
    },
  },
  'predict.writes': {
    message: {
      en: 'A model for the task {task} writes text instead of judging it.',
      ko: '{task} 과제를 하는 모델은 글을 판단하지 않고 씁니다.',
    },
    hint: {
      en: 'Try it by generating.',
      ko: '생성으로 써 보세요.',
    },
  },
  'generation.notDecoder': {
    message: {
      en: '"{modelType}" models read text but do not write it.',
      ko: '{modelType} 모델은 글을 읽기만 하고 쓰지 못합니다.',
    },
    hint: {
      en: 'Choose a causal language model such as GPT-2 or Llama.',
      ko: 'GPT-2나 Llama 같은 언어 모델을 고르세요.',
    },
  },
  'generation.promptTooLong': {
    message: {
      en: 'The prompt has {tokens} tokens, but the model can hold {maximum}.',
      ko: '프롬프트가 {tokens}토큰인데 모델은 {maximum}토큰까지 담을 수 있습니다.',
    },
    hint: { en: 'Shorten the prompt.', ko: '프롬프트를 줄이세요.' },
  },
  'generation.emptyPrompt': {
    message: {
      en: 'There is nothing to go on from: the prompt is empty.',
      ko: '프롬프트가 비어 있어 이어 쓸 것이 없습니다.',
    },
    hint: { en: 'Type a prompt.', ko: '프롬프트를 입력하세요.' },
  },
  'method.cannotMerge': {
    message: {
      en: 'What {method} trained cannot be folded into the model’s own weights.',
      ko: '{method}(으)로 학습한 것은 모델 자체의 가중치에 합칠 수 없습니다.',
    },
    hint: { en: 'Export the adapter instead.', ko: '대신 어댑터로 내보내세요.' },
  },
} as const satisfies ErrorTexts;
