import type { ErrorTexts } from './errorText.ts';

const otherModel = {
  en: 'Choose a model whose config.json says one of: {known}.',
  ko: 'config.json의 값이 다음 중 하나인 모델을 고르세요: {known}.',
};

/** Errors in base models and tokenizers. */
export const modelsErrors = {
  'model.unsupportedArchitecture': {
    message: {
      en: 'The model in {folder} has the architecture "{modelType}", which Tunebench does not know.',
      ko: '{folder}에 있는 모델의 구조 "{modelType}"은(는) Tunebench가 지원하지 않습니다.',
    },
    hint: {
      en: 'Choose a model of one of these architectures: {known}.',
      ko: '다음 구조의 모델을 고르세요: {known}.',
    },
  },
  'model.badSetting': {
    message: {
      en: '{file} says "{name}": {value}, but this must be {expected}.',
      ko: '{file}에 "{name}": {value}(으)로 되어 있는데, {expected}이어야 합니다.',
    },
    hint: {
      en: 'Copy or download config.json again.',
      ko: 'config.json을 다시 복사하거나 내려받으세요.',
    },
  },
  'model.unsupportedSetting': {
    message: {
      en: '{file} says "{name}": {value}, which Tunebench cannot compute.',
      ko: '{file}의 "{name}": {value} 설정은 Tunebench가 계산할 수 없습니다.',
    },
    hint: otherModel,
  },
  'model.notDivisible': {
    message: {
      en: '{file} says "{name}": {value}, which cannot be divided evenly among "{by}": {divisor}.',
      ko: '{file}의 "{name}": {value}은(는) "{by}": {divisor}(으)로 나누어떨어지지 않습니다.',
    },
    hint: {
      en: 'Copy or download config.json again.',
      ko: 'config.json을 다시 복사하거나 내려받으세요.',
    },
  },
  'model.notForTask': {
    message: {
      en: 'Models of the type {modelType} cannot do the task {task}.',
      ko: '{modelType} 유형의 모델은 {task} 과제를 할 수 없습니다.',
    },
    hint: {
      en: 'They can do: {tasks}.',
      ko: '할 수 있는 과제: {tasks}.',
    },
  },
  'model.tooFewLabels': {
    message: {
      en: 'A head on {folder} needs at least one label, but there are {count}.',
      ko: '{folder}에 헤드를 얹으려면 라벨이 하나 이상 필요한데 {count}개입니다.',
    },
    hint: {
      en: 'Give the label names, or choose a model whose config.json lists them under id2label.',
      ko: '라벨 이름을 정하거나 config.json의 id2label에 라벨이 적힌 모델을 고르세요.',
    },
  },
  'model.badHubId': {
    message: {
      en: '"{hubId}" is not the id of a model on the Hub.',
      ko: '"{hubId}"은(는) 허브의 모델 이름이 아닙니다.',
    },
    hint: {
      en: 'An id looks like owner/name, as in the address of its page.',
      ko: '모델 페이지 주소에 나오는 소유자/이름 꼴로 적으세요.',
    },
  },
  'model.hubPickleOnly': {
    message: {
      en: '"{hubId}" offers its weights only as {files}, a format that can run code when it is opened.',
      ko: '"{hubId}"은(는) 가중치를 {files}(으)로만 제공하는데, 열 때 코드가 실행될 수 있는 형식입니다.',
    },
    hint: {
      en: 'Choose a model with safetensors weights, or convert this one with transformers first.',
      ko: 'safetensors 가중치가 있는 모델을 고르거나, 먼저 transformers로 변환하세요.',
    },
  },
  'model.hubNotAModel': {
    message: {
      en: '"{hubId}" has no {missing}, so it is not a model Tunebench can train.',
      ko: '"{hubId}"에 {missing}이(가) 없어 Tunebench가 학습할 수 있는 모델이 아닙니다.',
    },
    hint: {
      en: 'Choose a model in Hugging Face layout with config.json and safetensors weights.',
      ko: 'config.json과 safetensors 가중치가 있는 Hugging Face 구조의 모델을 고르세요.',
    },
  },
  'model.inUse': {
    message: {
      en: 'The model "{model}" is used by the run "{run}", which is {status}.',
      ko: '모델 "{model}"은(는) {status} 상태인 실행 "{run}"이 쓰고 있습니다.',
    },
    hint: { en: 'Stop that run first.', ko: '먼저 그 실행을 멈추세요.' },
  },
  'tokenizer.missing': {
    message: {
      en: 'The model folder {folder} has no tokenizer.json.',
      ko: '모델 폴더 {folder}에 tokenizer.json이 없습니다.',
    },
    hint: {
      en: 'Copy tokenizer.json and tokenizer_config.json from where the model came from. For an old model with only vocab.txt, save its fast tokenizer once with transformers.',
      ko: '모델을 받은 곳에서 tokenizer.json과 tokenizer_config.json을 복사하세요. vocab.txt만 있는 옛 모델은 transformers로 빠른 토크나이저를 한 번 저장하면 됩니다.',
    },
  },
  'tokenizer.sentencePiece': {
    message: {
      en: 'The tokenizer in {folder} is the SentencePiece file {file}; tokenizer.json is missing.',
      ko: '{folder}의 토크나이저는 SentencePiece 파일 {file}이고, tokenizer.json이 없습니다.',
    },
    hint: {
      en: 'Convert it once in Python: AutoTokenizer.from_pretrained(folder).save_pretrained(folder) with transformers and sentencepiece writes tokenizer.json. KoBERT needs the few lines in docs/models.md.',
      ko: 'Python에서 한 번 변환하세요. transformers와 sentencepiece로 AutoTokenizer.from_pretrained(폴더).save_pretrained(폴더)를 실행하면 tokenizer.json이 만들어집니다. KoBERT는 docs/models.md에 있는 몇 줄로 변환합니다.',
    },
  },
  'tokenizer.unreadable': {
    message: {
      en: 'The tokenizer in {folder} cannot be read: {detail}',
      ko: '{folder}의 토크나이저를 읽을 수 없습니다: {detail}',
    },
    hint: {
      en: 'Fetch tokenizer.json and tokenizer_config.json again; they may be cut off or of another format.',
      ko: 'tokenizer.json과 tokenizer_config.json을 다시 받으세요. 잘렸거나 다른 형식일 수 있습니다.',
    },
  },
  'tokenizer.badChatTemplate': {
    message: {
      en: 'The chat template of this model cannot be used: {detail}',
      ko: '이 모델의 채팅 템플릿을 쓸 수 없습니다: {detail}',
    },
    hint: {
      en: 'Choose the prompt format "instruction" or "plain" instead.',
      ko: '프롬프트 형식을 "instruction"이나 "plain"으로 바꾸세요.',
    },
  },
  'tokenizer.noMask': {
    message: {
      en: 'This model’s tokenizer has no token that stands for a hidden word.',
      ko: '이 모델의 토크나이저에는 가린 낱말을 나타내는 토큰이 없습니다.',
    },
    hint: {
      en: 'Choose an encoder with a mask token, such as BERT or RoBERTa.',
      ko: 'BERT나 RoBERTa처럼 마스크 토큰이 있는 인코더를 고르세요.',
    },
  },
  'tokenizer.noChatTemplate': {
    message: {
      en: 'The prompt format is "chat", but this model has no chat template.',
      ko: '프롬프트 형식이 "chat"인데 이 모델에는 채팅 템플릿이 없습니다.',
    },
    hint: {
      en: 'Choose the prompt format "automatic" or "instruction".',
      ko: '프롬프트 형식을 "automatic"이나 "instruction"으로 바꾸세요.',
    },
  },
} as const satisfies ErrorTexts;
