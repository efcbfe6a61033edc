/** Every sentence set-up can print, in English and Korean. */

/** @typedef {Record<string, string | number>} Parameters */
/** @typedef {'en' | 'ko'} Language */

/** Failures: what happened and the next step, in one sentence each. */
const failures = {
  nodeTooOld: {
    en: 'Node {found} is too old to set Tunebench up: install Node 18 or newer and start again.',
    ko: '설치된 Node의 버전({found})이 너무 낮습니다. Node 18 이상을 설치한 뒤 다시 시작하세요.',
  },
  npmMissing: {
    en: 'no npm was found on PATH: install Node.js together with npm and start again.',
    ko: 'PATH에서 npm을 찾지 못했습니다. npm이 포함된 Node.js를 설치한 뒤 다시 시작하세요.',
  },
  networkUnreachable: {
    en: 'could not fetch {what} because the network did not answer ({detail}): check the connection (behind a proxy, set HTTPS_PROXY) and run `npm run setup` again.',
    ko: '{what} 다운로드 실패: 네트워크가 응답하지 않습니다({detail}). 연결을 확인하고(프록시를 쓴다면 HTTPS_PROXY를 설정하고) `npm run setup`을 다시 실행하세요.',
  },
  proxyRefused: {
    en: 'could not fetch {what} because the proxy {proxy} refused or did not answer ({detail}): correct HTTPS_PROXY, or unset it where no proxy is needed, and run `npm run setup` again.',
    ko: '{what} 다운로드 실패: 프록시 {proxy}에서 거부했거나 응답이 없습니다({detail}). HTTPS_PROXY를 고치거나 프록시가 필요 없으면 해제한 뒤 `npm run setup`을 다시 실행하세요.',
  },
  certificateRefused: {
    en: 'could not fetch {what} because the server’s certificate was not trusted ({detail}): behind an inspecting proxy, point NODE_EXTRA_CA_CERTS and PIP_CERT at its certificate and run `npm run setup` again.',
    ko: '{what} 다운로드 실패: 서버 인증서를 신뢰할 수 없습니다({detail}). 통신을 검사하는 프록시를 쓴다면 NODE_EXTRA_CA_CERTS와 PIP_CERT에 그 인증서를 지정한 뒤 `npm run setup`을 다시 실행하세요.',
  },
  diskFull: {
    en: 'the disk holding {folder} is full ({needed} needed, {free} free): free some space, or set TUNEBENCH_CACHE to a folder on another disk, and run `npm run setup` again.',
    ko: '디스크 공간이 부족합니다({folder}, 필요 {needed}, 남음 {free}). 공간을 비우거나 TUNEBENCH_CACHE를 다른 디스크의 폴더로 지정한 뒤 `npm run setup`을 다시 실행하세요.',
  },
  checkoutDiskFull: {
    en: 'the disk holding {folder} is full (about {needed} needed): free some space, or move the folder to another disk, and start again.',
    ko: '디스크 공간이 부족합니다({folder}, 약 {needed} 필요). 공간을 비우거나 폴더를 다른 디스크로 옮긴 뒤 다시 시작하세요.',
  },
  notWritable: {
    en: '{folder} cannot be written ({detail}): correct its permissions, or set TUNEBENCH_CACHE to a folder of your own, and run `npm run setup` again.',
    ko: '{folder}에 쓸 수 없습니다({detail}). 권한을 고치거나 TUNEBENCH_CACHE를 본인의 폴더로 지정한 뒤 `npm run setup`을 다시 실행하세요.',
  },
  lockOutOfSync: {
    en: 'package-lock.json does not match package.json: restore both from git (or run `npm install` if you changed dependencies) and start again.',
    ko: 'package-lock.json이 package.json과 맞지 않습니다. git에서 두 파일을 되돌리거나(의존성을 바꿨다면 `npm install` 실행) 다시 시작하세요.',
  },
  packagesFailed: {
    en: 'the packages could not be installed by npm ({detail}): run `npm ci` in {folder} to see its full report.',
    ko: 'npm이 패키지를 설치하지 못했습니다({detail}). {folder}에서 `npm ci`를 실행해 전체 내용을 확인하세요.',
  },
  nodeRuntimeFailed: {
    en: 'Node {version} could not be installed ({detail}): run `npm rebuild node --ignore-scripts=false` to see the full report, or start with Node 24 or newer installed.',
    ko: 'Node {version} 설치 실패({detail}). `npm rebuild node --ignore-scripts=false`로 전체 내용을 확인하거나 Node 24 이상을 설치한 뒤 시작하세요.',
  },
  platformUnsupported: {
    en: 'no tested build of libtensorflow exists for {platform} (tested: Linux on x64 with glibc 2.17 or newer).',
    ko: '{platform}에서 확인된 libtensorflow 빌드가 없습니다(확인된 환경: glibc 2.17 이상인 x64 리눅스).',
  },
  pythonMissing: {
    en: 'Python 3 was not found on PATH: install it (Debian/Ubuntu: `sudo apt install python3 python3-pip`) and run `npm run setup` again.',
    ko: 'PATH에서 Python 3을 찾지 못했습니다. 설치한 뒤(Debian/Ubuntu: `sudo apt install python3 python3-pip`) `npm run setup`을 다시 실행하세요.',
  },
  pipMissing: {
    en: '{python} has no pip: install it (Debian/Ubuntu: `sudo apt install python3-pip`, elsewhere: `{python} -m ensurepip --user`) and run `npm run setup` again.',
    ko: '{python}에 pip이 없습니다. 설치한 뒤(Debian/Ubuntu: `sudo apt install python3-pip`, 그 밖: `{python} -m ensurepip --user`) `npm run setup`을 다시 실행하세요.',
  },
  compilerMissing: {
    en: 'no C++ compiler was found on PATH: install one (Debian/Ubuntu: `sudo apt install g++`, Fedora: `sudo dnf install gcc-c++`) and run `npm run setup` again.',
    ko: 'PATH에서 C++ 컴파일러를 찾지 못했습니다. 설치한 뒤(Debian/Ubuntu: `sudo apt install g++`, Fedora: `sudo dnf install gcc-c++`) `npm run setup`을 다시 실행하세요.',
  },
  wheelUnavailable: {
    en: 'pip found no {what} for this platform in its package index ({detail}): check `pip config list` for another index and run `npm run setup` again.',
    ko: '이 플랫폼용 {what} 패키지가 pip의 패키지 색인에 없습니다({detail}). `pip config list`에 다른 색인이 설정되어 있는지 확인하고 `npm run setup`을 다시 실행하세요.',
  },
  downloadFailed: {
    en: 'pip could not fetch {what} ({detail}): run `npm run setup` again.',
    ko: 'pip의 {what} 다운로드가 실패했습니다({detail}). `npm run setup`을 다시 실행하세요.',
  },
  hashMismatch: {
    en: '{file} is not the published file (SHA-256 {found}, expected {expected}); it was deleted: run `npm run setup` again, and check the proxy or package mirror if it happens twice.',
    ko: '내려받은 파일이 배포된 파일과 다릅니다({file}, SHA-256 {found}, 기대값 {expected}). 파일을 지웠으니 `npm run setup`을 다시 실행하고, 반복되면 프록시나 패키지 미러를 확인하세요.',
  },
  unpackFailed: {
    en: '{file} could not be unpacked ({detail}): run `npm run setup` again.',
    ko: '압축을 풀지 못했습니다({file}: {detail}). `npm run setup`을 다시 실행하세요.',
  },
  compileFailed: {
    en: '{what} did not compile with {compiler} ({detail}): the full report is in {log}; g++ 9 or newer is known to work.',
    ko: '{what} 컴파일 실패({compiler}: {detail}). 전체 내용은 {log}에 있으며, g++ 9 이상에서 동작이 확인되었습니다.',
  },
  bindingUnusable: {
    en: 'the compiled TensorFlow binding does not work here ({detail}).',
    ko: '컴파일한 TensorFlow 바인딩이 이 컴퓨터에서 동작하지 않습니다({detail}).',
  },
  prebuiltFailed: {
    en: 'the prebuilt TensorFlow binding could not be installed ({detail}).',
    ko: '미리 빌드된 TensorFlow 바인딩을 설치하지 못했습니다({detail}).',
  },
  interrupted: {
    en: 'set-up was interrupted; finished parts are kept, run it again to continue.',
    ko: '설치가 중단되었습니다. 끝난 부분은 남아 있으니 다시 실행하면 이어서 진행합니다.',
  },
};

/** Progress and outcome lines. */
const notices = {
  npmPackages: { en: 'the npm packages', ko: 'npm 패키지' },
  files: { en: 'files', ko: '파일' },
  packages: { en: 'Installing packages', ko: '패키지 설치 중' },
  nodeRuntime: { en: 'Installing Node {version}', ko: 'Node {version} 설치 중' },
  download: { en: 'Fetching {what}', ko: '{what} 받는 중' },
  unpack: { en: 'Unpacking {what}', ko: '{what} 압축 푸는 중' },
  compile: { en: 'Compiling {what}', ko: '{what} 컴파일 중' },
  verify: { en: 'Trying the TensorFlow binding', ko: 'TensorFlow 바인딩 확인 중' },
  prebuilt: { en: 'Fetching the prebuilt TensorFlow binding', ko: '미리 빌드된 TensorFlow 바인딩 받는 중' },
  done: { en: 'done', ko: '완료' },
  failed: { en: 'failed', ko: '실패' },
  waiting: {
    en: 'Waiting for another set-up (process {pid}) to finish',
    ko: '다른 설치 작업(프로세스 {pid})이 끝나기를 기다리는 중',
  },
  ready: {
    en: 'Set-up is complete: TensorFlow {version}{device}.',
    ko: '설치 완료: TensorFlow {version}{device}.',
  },
  onGpu: { en: ' with CUDA', ko: ', CUDA 사용' },
  portable: {
    en: 'Training will use the portable backend: slower, good for small models.',
    ko: '이식용 백엔드로 학습합니다. 느리며 작은 모델에 적합합니다.',
  },
  portableBecause: {
    en: 'Training will use the portable backend (slower, good for small models), for {reason}',
    ko: '이식용 백엔드로 학습합니다(느리며 작은 모델에 적합). 이유: {reason}',
  },
  fallingBack: {
    en: 'TensorFlow cannot be built here: {reason}',
    ko: '여기서 TensorFlow를 빌드할 수 없습니다: {reason}',
  },
  kernelsSkipped: {
    en: 'The fused kernels were left out, training works without them: {reason}',
    ko: '결합 커널 없이 진행합니다(학습은 그대로 됩니다): {reason}',
  },
  cudaOffer: {
    en: '{device} answers. Fetch the CUDA libraries for it (about {size}; not yet tried on a GPU)? [y/N] ',
    ko: 'GPU를 찾았습니다({device}). CUDA 라이브러리를 받을까요(약 {size}, 실제 GPU에서는 아직 시험하지 않음)? [y/N] ',
  },
  cudaHint: {
    en: '{device} answers; `npm run setup -- --cuda` fetches the CUDA libraries for it (about {size}).',
    ko: 'GPU를 찾았습니다({device}). `npm run setup -- --cuda`로 CUDA 라이브러리를 받을 수 있습니다(약 {size}).',
  },
  cudaFailed: { en: 'CUDA is not used: {reason}', ko: 'CUDA를 쓰지 않습니다: {reason}' },
  noDriver: {
    en: 'no NVIDIA driver answered (`nvidia-smi` is missing or failed).',
    ko: 'NVIDIA 드라이버가 응답하지 않았습니다(`nvidia-smi`가 없거나 실패).',
  },
  noDisplay: { en: 'there is no display.', ko: '화면이 없습니다.' },
  noElectron: {
    en: 'Electron could not be fetched (`npx install-electron` shows why).',
    ko: 'Electron을 받지 못했습니다(`npx install-electron`으로 이유를 볼 수 있습니다).',
  },
  noUsableDevice: {
    en: 'TensorFlow found no GPU it can use; `nvidia-smi` tells the driver’s version, CUDA 12 needs 525 or newer.',
    ko: 'TensorFlow가 쓸 수 있는 GPU를 찾지 못했습니다. `nvidia-smi`로 드라이버 버전을 확인하세요(CUDA 12에는 525 이상 필요).',
  },
  rendererBuild: { en: 'Building the interface', ko: '화면 빌드 중' },
  rendererFailed: { en: 'The interface could not be built:', ko: '화면을 빌드하지 못했습니다:' },
  electronDownload: { en: 'Fetching Electron', ko: 'Electron 받는 중' },
  serverInstead: {
    en: 'No window: {reason} Starting the web server instead.',
    ko: '창 없이 시작합니다: {reason} 웹 서버를 대신 엽니다.',
  },
};

const catalogue = { ...failures, ...notices };

/** @typedef {keyof typeof failures} FailureCode */
/** @typedef {keyof typeof catalogue} MessageCode */

/**
 * The language of the terminal: Korean where the locale says so, English otherwise.
 * @param {Record<string, string | undefined>} env
 * @returns {Language}
 */
export function terminalLanguage(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return locale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

/**
 * The sentence for a code, with its `{name}` places filled in.
 * @param {MessageCode} code
 * @param {Parameters} [parameters]
 * @param {Language} [language]
 * @returns {string}
 */
export function message(code, parameters = {}, language = terminalLanguage(process.env)) {
  return catalogue[code][language].replace(/\{(\w+)\}/g, (place, name) => String(parameters[name] ?? place));
}

/**
 * The sentence for a code in both languages, for the workbench to show in the one it speaks.
 * @param {MessageCode} code
 * @param {Parameters} [parameters]
 * @returns {Record<Language, string>}
 */
export function messageInBoth(code, parameters) {
  return { en: standalone(message(code, parameters, 'en')), ko: standalone(message(code, parameters, 'ko')) };
}

/**
 * The one of both that the terminal reads.
 * @param {Record<Language, string>} text
 */
export function inTerminal(text) {
  return text[terminalLanguage(process.env)];
}

export const failureCodes = /** @type {FailureCode[]} */ (Object.keys(failures));
export const messageCodes = /** @type {MessageCode[]} */ (Object.keys(catalogue));
export const sentences = catalogue;

/**
 * A sentence that stands alone.
 * @param {string} sentence
 * @returns {string}
 */
export function standalone(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A failure that set-up understands: its code picks the sentence. */
export class SetupError extends Error {
  /**
   * @param {FailureCode} code
   * @param {Parameters} [parameters]
   */
  constructor(code, parameters = {}) {
    super(message(code, parameters));
    this.name = 'SetupError';
    this.code = code;
    this.parameters = parameters;
  }
}
