import type { ErrorTexts } from './errorText.ts';

/** Errors of the server, the window and the command line. */
export const hostsErrors = {
  'host.unknownName': {
    message: {
      en: 'This request asks for the host "{host}", which is not this workbench.',
      ko: '이 요청은 이 작업대가 아닌 "{host}" 호스트를 찾고 있습니다.',
    },
    hint: {
      en: 'Open the address that was printed at the start.',
      ko: '시작할 때 나온 주소를 여세요.',
    },
  },
  'host.foreignOrigin': {
    message: {
      en: 'This request comes from another site ({origin}) and was refused.',
      ko: '다른 사이트({origin})에서 온 요청이라 거절했습니다.',
    },
    hint: {
      en: 'Paste the printed address into the address bar.',
      ko: '출력된 주소를 주소창에 붙여 넣으세요.',
    },
  },
  'host.notSignedIn': {
    message: {
      en: 'This browser has not opened the workbench with its token.',
      ko: '이 브라우저는 토큰으로 작업대를 연 적이 없습니다.',
    },
    hint: {
      en: 'Open the whole address that was printed at the start, including the part after #.',
      ko: '시작할 때 나온 주소를 # 뒤까지 모두 포함해 여세요.',
    },
  },
  'host.wrongToken': {
    message: {
      en: 'The token in this address is not the one of this start of the workbench.',
      ko: '이 주소의 토큰은 지금 실행 중인 작업대의 것이 아닙니다.',
    },
    hint: {
      en: 'Each start has a new token: open the newest printed address.',
      ko: '시작할 때마다 토큰이 바뀝니다. 가장 최근에 나온 주소를 여세요.',
    },
  },
  'host.methodNotAllowed': {
    message: { en: '{method} is not allowed for {path}.', ko: '{path}에는 {method}를 쓸 수 없습니다.' },
    hint: { en: 'Allowed: {allowed}.', ko: '쓸 수 있는 것: {allowed}.' },
  },
  'host.jsonOnly': {
    message: {
      en: 'Only JSON is accepted here, but the content type is "{type}".',
      ko: '여기서는 JSON만 받는데 내용 형식이 "{type}"입니다.',
    },
    hint: {
      en: 'Send the content type application/json.',
      ko: '내용 형식을 application/json으로 보내세요.',
    },
  },
  'host.malformedRequest': {
    message: { en: 'This request cannot be read: {detail}', ko: '이 요청을 읽을 수 없습니다: {detail}' },
    hint: { en: 'Reload the page.', ko: '페이지를 새로 고치세요.' },
  },
  'host.bodyTooLarge': {
    message: {
      en: 'This request is larger than {limitBytes} bytes.',
      ko: '이 요청은 {limitBytes}바이트보다 큽니다.',
    },
    hint: { en: 'Send less at once.', ko: '한 번에 보내는 양을 줄이세요.' },
  },
  'host.tooManyRequests': {
    message: { en: 'Too many requests in a short time.', ko: '짧은 시간에 요청이 너무 많습니다.' },
    hint: { en: 'Wait a few seconds.', ko: '몇 초 기다리세요.' },
  },
  'host.noSuchPage': {
    message: { en: 'There is nothing at {path}.', ko: '{path}에는 아무것도 없습니다.' },
    hint: { en: 'Open the address without a path.', ko: '경로 없이 주소를 여세요.' },
  },
  'host.noRenderer': {
    message: {
      en: 'The window has not been built: {folder} holds no index.html.',
      ko: '화면이 아직 빌드되지 않았습니다. {folder}에 index.html이 없습니다.',
    },
    hint: { en: 'Run: npm run setup', ko: '실행하세요: npm run setup' },
  },
  'host.cannotListen': {
    message: {
      en: 'The workbench cannot listen on {address} port {port}: {detail}',
      ko: '{address} 포트 {port}에서 들을 수 없습니다: {detail}',
    },
    hint: {
      en: 'Choose another port with --port, or leave it out for a free one.',
      ko: '--port로 다른 포트를 고르거나, 빼면 빈 포트를 씁니다.',
    },
  },
  'host.uploadTooLarge': {
    message: {
      en: '"{name}" has {sizeBytes} bytes, more than the {limitBytes} that can be sent through the browser.',
      ko: '"{name}"은(는) {sizeBytes}바이트로, 브라우저로 보낼 수 있는 {limitBytes}바이트보다 큽니다.',
    },
    hint: {
      en: 'Choose it by its path on this machine instead.',
      ko: '대신 이 컴퓨터의 경로로 고르세요.',
    },
  },
  'cli.nothingToImport': {
    message: { en: 'There is nothing to import.', ko: '가져올 것이 없습니다.' },
    hint: {
      en: 'Name files or a folder, or a dataset of the Hub with --hub owner/name.',
      ko: '파일이나 폴더를 적거나, --hub 소유자/이름으로 허브의 데이터셋을 적으세요.',
    },
  },
  'cli.badFlag': {
    message: { en: '{flag} is "{value}": {detail}', ko: '{flag} 값이 "{value}"입니다: {detail}' },
    hint: { en: 'See: tunebench {verb} --help', ko: '도움말: tunebench {verb} --help' },
  },
  'cli.missingFlag': {
    message: { en: '{flag} is needed: {what}.', ko: '{flag}이(가) 필요합니다: {what}.' },
    hint: { en: 'See: tunebench {verb} --help', ko: '도움말: tunebench {verb} --help' },
  },
  'cli.runEnded': {
    message: { en: 'The run {run} ended as {status}.', ko: '실행 {run}이(가) {status} 상태로 끝났습니다.' },
    hint: {
      en: 'To go on: tunebench train --resume {run}',
      ko: '이어 하려면: tunebench train --resume {run}',
    },
  },
} as const satisfies ErrorTexts;
