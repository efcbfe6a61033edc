import type { ErrorTexts } from './errorText.ts';

const copyAgain = {
  en: 'The file is damaged or was copied only in part: copy or download it again.',
  ko: '파일이 손상되었거나 일부만 복사되었습니다. 다시 복사하거나 내려받으세요.',
};
const writtenWrongly = {
  en: 'The program that wrote it did not follow the safetensors format: save the model again with a current version.',
  ko: '파일을 만든 프로그램이 safetensors 형식을 지키지 않았습니다. 최신 버전으로 모델을 다시 저장하세요.',
};

/** Errors in files: safetensors, adapters, model folders. */
export const formatsErrors = {
  'safetensors.tooSmall': {
    message: {
      en: '{file} has only {size} bytes; a safetensors file begins with 8 bytes that give the length of its header.',
      ko: '{file}의 크기가 {size}바이트뿐입니다. safetensors 파일은 헤더 길이를 담은 8바이트로 시작합니다.',
    },
    hint: copyAgain,
  },
  'safetensors.headerTooLarge': {
    message: {
      en: '{file} says that its header has {size} bytes, but at most {limit} are allowed.',
      ko: '{file}의 헤더가 {size}바이트라고 되어 있는데 최대 {limit}바이트까지만 허용됩니다.',
    },
    hint: {
      en: 'This is probably not a safetensors file. Check where it came from.',
      ko: 'safetensors 파일이 아닐 가능성이 큽니다. 출처를 확인하세요.',
    },
  },
  'safetensors.headerCut': {
    message: {
      en: '{file} says that its header has {size} bytes, but only {rest} bytes follow.',
      ko: '{file}의 헤더가 {size}바이트라고 되어 있는데 남은 내용은 {rest}바이트뿐입니다.',
    },
    hint: copyAgain,
  },
  'safetensors.headerNotJson': {
    message: {
      en: 'The header of {file} cannot be read: {detail}',
      ko: '{file}의 헤더를 읽을 수 없습니다: {detail}',
    },
    hint: copyAgain,
  },
  'safetensors.duplicateName': {
    message: {
      en: 'The header of {file} contains the name "{name}" twice.',
      ko: '{file}의 헤더에 "{name}"이라는 이름이 두 번 나옵니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.badMetadata': {
    message: {
      en: 'The metadata of {file} must be a table of texts, but "{name}" is something else.',
      ko: '{file}의 메타데이터는 텍스트로 된 표여야 하는데 "{name}"은(는) 그렇지 않습니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.badEntry': {
    message: {
      en: 'The tensor "{tensor}" in {file} is described without a proper {field}.',
      ko: '{file}의 텐서 "{tensor}"에 올바른 {field} 항목이 없습니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.unknownType': {
    message: {
      en: 'The tensor "{tensor}" in {file} has the element type {type}, which Tunebench cannot read.',
      ko: '{file}의 텐서 "{tensor}"의 자료형 {type}은(는) Tunebench가 읽을 수 없습니다.',
    },
    hint: {
      en: 'Readable types: {known}. Save the model in F32, F16 or BF16.',
      ko: '읽을 수 있는 자료형: {known}. 모델을 F32, F16, BF16 중 하나로 저장하세요.',
    },
  },
  'safetensors.shapeTooLarge': {
    message: {
      en: 'The tensor "{tensor}" in {file} has the shape [{shape}], which is more elements than any file can hold.',
      ko: '{file}의 텐서 "{tensor}"의 모양 [{shape}]은 어떤 파일에도 담을 수 없을 만큼 큽니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.wrongLength': {
    message: {
      en: 'The tensor "{tensor}" in {file} needs {expected} bytes for {type} [{shape}], but its offsets span {found}.',
      ko: '{file}의 텐서 "{tensor}"({type} [{shape}])에는 {expected}바이트가 필요한데 오프셋 구간은 {found}바이트입니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.outside': {
    message: {
      en: 'The tensor "{tensor}" in {file} ends at byte {end} of the data, but the file holds only {size}.',
      ko: '{file}의 텐서 "{tensor}"는 데이터의 {end}바이트에서 끝나야 하는데 파일에는 {size}바이트만 있습니다.',
    },
    hint: copyAgain,
  },
  'safetensors.overlap': {
    message: {
      en: 'The tensors "{first}" and "{second}" in {file} share the same bytes.',
      ko: '{file}의 텐서 "{first}"와 "{second}"가 같은 바이트를 함께 쓰고 있습니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.hole': {
    message: {
      en: '{file} has {size} bytes before the tensor "{tensor}" that belong to no tensor.',
      ko: '{file}에서 텐서 "{tensor}" 앞의 {size}바이트가 어느 텐서에도 속하지 않습니다.',
    },
    hint: writtenWrongly,
  },
  'safetensors.trailing': {
    message: {
      en: '{file} has {size} bytes after its last tensor that belong to no tensor.',
      ko: '{file}의 마지막 텐서 뒤에 어느 텐서에도 속하지 않는 {size}바이트가 있습니다.',
    },
    hint: writtenWrongly,
  },
  'modelFolder.noConfig': {
    message: {
      en: '{folder} is not a model folder: it has no config.json.',
      ko: '{folder}은(는) 모델 폴더가 아닙니다. config.json이 없습니다.',
    },
    hint: {
      en: 'Choose the folder that holds config.json, model.safetensors and tokenizer.json.',
      ko: 'config.json, model.safetensors, tokenizer.json이 들어 있는 폴더를 고르세요.',
    },
  },
  'modelFolder.badJson': {
    message: {
      en: '{file} cannot be read as JSON: {detail}',
      ko: '{file}을(를) JSON으로 읽을 수 없습니다: {detail}',
    },
    hint: {
      en: 'Copy or download this file again.',
      ko: '이 파일을 다시 복사하거나 내려받으세요.',
    },
  },
  'modelFolder.noWeights': {
    message: {
      en: '{folder} has no weights: neither model.safetensors nor model.safetensors.index.json is there.',
      ko: '{folder}에 가중치가 없습니다. model.safetensors도 model.safetensors.index.json도 없습니다.',
    },
    hint: {
      en: 'Copy or download the weights into this folder.',
      ko: '가중치 파일을 이 폴더에 복사하거나 내려받으세요.',
    },
  },
  'modelFolder.pickleWeights': {
    message: {
      en: '{folder} has its weights only as {file}, a pickle file, which can run any program when it is opened; Tunebench never opens those.',
      ko: '{folder}의 가중치는 {file}뿐인데, 이 pickle 파일은 열 때 임의의 프로그램을 실행할 수 있어 Tunebench는 열지 않습니다.',
    },
    hint: {
      en: 'Convert {file} to model.safetensors where you trust it (in Python: load the model with transformers, then save_pretrained), or download a version of the model that has safetensors files.',
      ko: '믿을 수 있는 곳에서 {file}을(를) model.safetensors로 바꾸거나(Python에서 transformers로 불러온 뒤 save_pretrained), safetensors 파일이 있는 버전을 내려받으세요.',
    },
  },
  'modelFolder.missingShard': {
    message: {
      en: '{folder} has no {file}, although its index names it for {count} tensors.',
      ko: '{folder}의 색인에는 텐서 {count}개가 {file}에 있다고 되어 있는데 그 파일이 없습니다.',
    },
    hint: {
      en: 'Copy or download this part of the weights as well.',
      ko: '이 가중치 조각도 복사하거나 내려받으세요.',
    },
  },
  'modelFolder.badIndex': {
    message: {
      en: '{file} is not an index of weights: {detail}',
      ko: '{file}은(는) 가중치 색인이 아닙니다: {detail}',
    },
    hint: {
      en: 'Copy or download this file again.',
      ko: '이 파일을 다시 복사하거나 내려받으세요.',
    },
  },
  'modelFolder.notInShard': {
    message: {
      en: 'The index of {folder} says that "{tensor}" is in {file}, but it is not.',
      ko: '{folder}의 색인에는 "{tensor}"가 {file}에 있다고 되어 있는데 실제로는 없습니다.',
    },
    hint: {
      en: 'Index and weights come from different versions: download all of them again.',
      ko: '색인과 가중치의 버전이 다릅니다. 모두 다시 내려받으세요.',
    },
  },
  'modelFolder.noTokenizer': {
    message: {
      en: '{folder} has no tokenizer.json, so texts cannot be turned into tokens.',
      ko: '{folder}에 tokenizer.json이 없어 텍스트를 토큰으로 바꿀 수 없습니다.',
    },
    hint: {
      en: 'Copy tokenizer.json (and tokenizer_config.json) from the model’s page; in Python, AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it.',
      ko: '모델 페이지에서 tokenizer.json과 tokenizer_config.json을 받아 넣으세요. Python에서는 AutoTokenizer.from_pretrained(…).save_pretrained(…)로 만들 수 있습니다.',
    },
  },
  'modelFolder.missingTensor': {
    message: {
      en: 'The weights in {folder} lack the tensor "{tensor}" of shape [{shape}].',
      ko: '{folder}의 가중치에 모양이 [{shape}]인 텐서 "{tensor}"가 없습니다.',
    },
    hint: {
      en: 'Weights and config.json must belong to the same model: download both again.',
      ko: '가중치와 config.json은 같은 모델의 것이어야 합니다. 둘 다 다시 내려받으세요.',
    },
  },
  'modelFolder.wrongShape': {
    message: {
      en: 'The tensor "{tensor}" in {folder} has the shape [{found}], but config.json asks for [{expected}].',
      ko: '{folder}의 텐서 "{tensor}"의 모양은 [{found}]인데 config.json은 [{expected}]을 요구합니다.',
    },
    hint: {
      en: 'Weights and config.json must belong to the same model: download both again.',
      ko: '가중치와 config.json은 같은 모델의 것이어야 합니다. 둘 다 다시 내려받으세요.',
    },
  },
  'modelFolder.notFloat': {
    message: {
      en: 'The tensor "{tensor}" in {folder} holds {type} values, but weights must be F32, F16, BF16 or F64.',
      ko: '{folder}의 텐서 "{tensor}"는 {type} 값인데, 가중치는 F32, F16, BF16, F64 중 하나여야 합니다.',
    },
    hint: {
      en: 'This is probably a quantised model: choose its unquantised version.',
      ko: '양자화된 모델일 가능성이 큽니다. 양자화하지 않은 버전을 고르세요.',
    },
  },
  'adapter.noConfig': {
    message: {
      en: '{folder} is not an adapter folder: it has no adapter_config.json.',
      ko: '{folder}은(는) 어댑터 폴더가 아닙니다. adapter_config.json이 없습니다.',
    },
    hint: {
      en: 'Choose the folder that holds adapter_config.json and adapter_model.safetensors.',
      ko: 'adapter_config.json과 adapter_model.safetensors가 들어 있는 폴더를 고르세요.',
    },
  },
  'adapter.noWeights': {
    message: {
      en: '{folder} has no {file}.',
      ko: '{folder}에 {file} 파일이 없습니다.',
    },
    hint: {
      en: 'Copy this file as well. A .bin file is a pickle file, which Tunebench never opens: save the adapter again as safetensors.',
      ko: '이 파일도 복사하세요. .bin 파일은 pickle 파일이라 Tunebench가 열지 않습니다. 어댑터를 safetensors로 다시 저장하세요.',
    },
  },
  'adapter.wrongType': {
    message: {
      en: 'The adapter in {folder} is of the type {type}, which Tunebench cannot load.',
      ko: '{folder}의 어댑터 유형 {type}은(는) Tunebench가 불러올 수 없습니다.',
    },
    hint: {
      en: 'Types that can be loaded: {known}.',
      ko: '불러올 수 있는 유형: {known}.',
    },
  },
  'adapter.badSetting': {
    message: {
      en: 'The adapter in {folder} has the setting "{name}" at {value}, which Tunebench cannot follow.',
      ko: '{folder}의 어댑터 설정 "{name}"의 값 {value}을(를) Tunebench가 처리할 수 없습니다.',
    },
    hint: {
      en: 'Merge this adapter with the program that made it, or train it again without this setting.',
      ko: '어댑터를 만든 프로그램에서 모델에 합치거나, 이 설정 없이 다시 학습하세요.',
    },
  },
  'adapter.missingTensor': {
    message: {
      en: 'The adapter in {folder} lacks the tensor "{tensor}" of shape [{shape}].',
      ko: '{folder}의 어댑터에 모양이 [{shape}]인 텐서 "{tensor}"가 없습니다.',
    },
    hint: {
      en: 'The adapter was made for another model, or its file is not complete.',
      ko: '다른 모델용 어댑터이거나 파일이 온전하지 않습니다.',
    },
  },
  'adapter.wrongShape': {
    message: {
      en: 'The tensor "{tensor}" of the adapter in {folder} has the shape [{found}], but this model needs [{expected}].',
      ko: '{folder}의 어댑터 텐서 "{tensor}"의 모양은 [{found}]인데 이 모델에는 [{expected}]이 필요합니다.',
    },
    hint: {
      en: 'Choose the base model that the adapter was trained on.',
      ko: '어댑터를 학습할 때 쓴 기본 모델을 고르세요.',
    },
  },
  'adapter.unknownTensor': {
    message: {
      en: 'The adapter in {folder} has a tensor "{tensor}" that has no place in this model.',
      ko: '{folder}의 어댑터 텐서 "{tensor}"가 들어갈 자리가 이 모델에 없습니다.',
    },
    hint: {
      en: 'Choose the base model and the task that the adapter was trained for.',
      ko: '어댑터를 학습할 때 쓴 기본 모델과 과제를 고르세요.',
    },
  },
} as const satisfies ErrorTexts;
