import type { ErrorTexts } from './errorText.ts';

/** Errors of the machine: disk, permissions, network, other processes. */
export const platformErrors = {
  'platform.dataFolderInUse': {
    message: {
      en: 'Another Tunebench (process {pid} on {computer}, since {since}) is using the data folder {folder}.',
      ko: '다른 Tunebench({computer}의 프로세스 {pid}, 시작 {since})가 데이터 폴더 {folder}를 쓰고 있습니다.',
    },
    hint: {
      en: 'Use that one or end it first; or start this one with another folder in TUNEBENCH_HOME.',
      ko: '그쪽을 쓰거나 먼저 종료하세요. 아니면 TUNEBENCH_HOME에 다른 폴더를 지정해 시작하세요.',
    },
  },
  'platform.diskFull': {
    message: {
      en: 'The disk is full: {path} could not be written.',
      ko: '디스크가 가득 차서 {path}에 쓸 수 없습니다.',
    },
    hint: {
      en: 'Free some space on this disk and try again; what was there before is unchanged.',
      ko: '이 디스크의 공간을 비운 뒤 다시 시도하세요. 이전 내용은 그대로입니다.',
    },
  },
  'platform.noPermission': {
    message: {
      en: 'The system does not allow access to {path} ({detail}).',
      ko: '시스템이 {path}에 접근하는 것을 허용하지 않습니다({detail}).',
    },
    hint: {
      en: 'Change its permissions or choose another place.',
      ko: '권한을 바꾸거나 다른 위치를 고르세요.',
    },
  },
  'platform.missing': {
    message: { en: 'There is nothing at {path}.', ko: '{path}에 아무것도 없습니다.' },
    hint: { en: 'Check the path for typing errors.', ko: '경로를 잘못 적지 않았는지 확인하세요.' },
  },
  'platform.notAFile': {
    message: { en: '{path} is not a file.', ko: '{path}은(는) 파일이 아닙니다.' },
    hint: { en: 'Choose a file.', ko: '파일을 고르세요.' },
  },
  'platform.notAFolder': {
    message: { en: '{path} is not a folder.', ko: '{path}은(는) 폴더가 아닙니다.' },
    hint: { en: 'Choose a folder.', ko: '폴더를 고르세요.' },
  },
  'platform.fileFailed': {
    message: {
      en: 'Reading or writing {path} failed: {detail}',
      ko: '{path}을(를) 읽거나 쓰지 못했습니다: {detail}',
    },
    hint: {
      en: 'Check that the disk is connected and healthy, then try again.',
      ko: '디스크가 연결되어 있고 이상이 없는지 확인한 뒤 다시 시도하세요.',
    },
  },
  'platform.outsideAllowedFolder': {
    message: {
      en: '{path} lies outside the folders that may be used here: {allowed}.',
      ko: '{path}은(는) 여기서 쓸 수 있는 폴더 밖에 있습니다: {allowed}.',
    },
    hint: { en: 'Choose a path inside one of them.', ko: '그 안의 경로를 고르세요.' },
  },
  'platform.badName': {
    message: {
      en: '"{name}" cannot be used as the name of a file.',
      ko: '"{name}"은(는) 파일 이름으로 쓸 수 없습니다.',
    },
    hint: {
      en: 'Use letters, digits, spaces, dots, dashes and underscores.',
      ko: '글자, 숫자, 공백, 점, 하이픈, 밑줄만 쓰세요.',
    },
  },
  'platform.folderDamaged': {
    message: {
      en: 'The folder {folder} is not whole: {file} does not match what its manifest says ({detail}).',
      ko: '{folder} 폴더가 온전하지 않습니다: {file}이(가) 목록의 내용과 다릅니다({detail}).',
    },
    hint: {
      en: 'Use an older copy, or make it again.',
      ko: '이전 사본을 쓰거나 다시 만드세요.',
    },
  },
  'platform.databaseNewer': {
    message: {
      en: 'The database {path} was written by a newer Tunebench (schema {found}; this one knows up to {known}).',
      ko: '데이터베이스 {path}은(는) 더 새로운 Tunebench가 만들었습니다(스키마 {found}, 이 버전은 {known}까지).',
    },
    hint: {
      en: 'Update Tunebench, or use another data folder. Nothing was changed.',
      ko: 'Tunebench를 업데이트하거나 다른 데이터 폴더를 쓰세요. 아무것도 바꾸지 않았습니다.',
    },
  },
  'platform.migrationFailed': {
    message: {
      en: 'The database {path} could not be brought from schema {from} to {to}: {detail}',
      ko: '데이터베이스 {path}을(를) 스키마 {from}에서 {to}(으)로 바꾸지 못했습니다: {detail}',
    },
    hint: {
      en: 'It is unchanged, and a copy lies at {backup}. Report this message as a bug.',
      ko: '원본은 그대로이고 사본이 {backup}에 있습니다. 이 메시지를 버그로 알려 주세요.',
    },
  },
  'platform.databaseDamaged': {
    message: {
      en: 'The database {path} is damaged or is not a database: {detail}',
      ko: '데이터베이스 {path}이(가) 손상되었거나 데이터베이스가 아닙니다: {detail}',
    },
    hint: {
      en: 'Put a copy of it back (files ending in .backup.sqlite lie beside it), or move it away to start anew.',
      ko: '사본(.backup.sqlite로 끝나는 파일)으로 되돌리거나, 다른 곳으로 옮기고 새로 시작하세요.',
    },
  },
  'platform.databaseBusy': {
    message: {
      en: 'Another program is holding the database {path}.',
      ko: '다른 프로그램이 데이터베이스 {path}을(를) 잡고 있습니다.',
    },
    hint: { en: 'Close it and try again.', ko: '그 프로그램을 닫고 다시 시도하세요.' },
  },
  'platform.databaseFailed': {
    message: { en: 'The database {path} failed: {detail}', ko: '데이터베이스 {path} 오류: {detail}' },
    hint: {
      en: 'Try again; if it stays, copy this message into a bug report.',
      ko: '다시 시도해 보시고, 계속되면 이 메시지를 복사해 버그로 알려 주세요.',
    },
  },
  'platform.workerKilled': {
    message: {
      en: 'The system ended the worker process ({signal}), most likely for want of memory.',
      ko: '시스템이 작업 프로세스를 종료했습니다({signal}). 메모리가 모자랐을 가능성이 큽니다.',
    },
    hint: {
      en: 'Close other programs, or use a smaller batch, shorter texts or a smaller model.',
      ko: '다른 프로그램을 닫거나, 배치나 텍스트 길이를 줄이거나, 더 작은 모델을 쓰세요.',
    },
  },
  'platform.workerCrashed': {
    message: {
      en: 'The worker process ended unexpectedly ({how}): {detail}',
      ko: '작업 프로세스가 예기치 않게 끝났습니다({how}): {detail}',
    },
    hint: {
      en: 'Try again; if it stays, copy this message into a bug report.',
      ko: '다시 시도해 보시고, 계속되면 이 메시지를 복사해 버그로 알려 주세요.',
    },
  },
  'platform.workerProtocol': {
    message: {
      en: 'The worker process sent a message that cannot be understood: {detail}',
      ko: '작업 프로세스가 알 수 없는 메시지를 보냈습니다: {detail}',
    },
    hint: {
      en: 'This is a bug: copy this message into a report.',
      ko: '버그입니다. 이 메시지를 복사해 알려 주세요.',
    },
  },
  'platform.hostNotAllowed': {
    message: {
      en: 'The download was sent on to {host}, which is not one of the allowed hosts ({allowed}).',
      ko: '다운로드가 허용된 호스트({allowed})가 아닌 {host}(으)로 넘겨졌습니다.',
    },
    hint: {
      en: 'If you use a mirror of the Hub, check its address in TUNEBENCH_HUB.',
      ko: 'Hub 미러를 쓴다면 TUNEBENCH_HUB의 주소를 확인하세요.',
    },
  },
  'platform.unreachable': {
    message: { en: '{host} cannot be reached: {detail}', ko: '{host}에 연결할 수 없습니다: {detail}' },
    hint: {
      en: 'Check the network (and HTTPS_PROXY, where one is needed), then try again; what was downloaded is kept.',
      ko: '네트워크와 (필요하다면) HTTPS_PROXY를 확인하고 다시 시도하세요. 받은 부분은 그대로 둡니다.',
    },
  },
  'platform.refusedByHub': {
    message: {
      en: '{host} answered {status} for {path}.',
      ko: '{host}이(가) {path}에 {status}(으)로 답했습니다.',
    },
    hint: {
      en: '404: check the id. 401 or 403: the model is private, gated or misspelt. 429 or 5xx: try again later.',
      ko: '404면 id를 확인하세요. 401이나 403이면 비공개이거나 승인이 필요하거나 잘못 적은 모델입니다. 429나 5xx면 나중에 다시 시도하세요.',
    },
  },
  'platform.badAnswer': {
    message: {
      en: '{host} sent an answer for {path} that cannot be understood: {detail}',
      ko: '{host}이(가) {path}에 보낸 응답을 이해할 수 없습니다: {detail}',
    },
    hint: {
      en: 'Try again later, or check TUNEBENCH_HUB.',
      ko: '나중에 다시 시도하거나 TUNEBENCH_HUB를 확인하세요.',
    },
  },
  'platform.wrongSize': {
    message: {
      en: '{file} should have {expected} bytes, but {actual} arrived.',
      ko: '{file}은(는) {expected}바이트여야 하는데 {actual}바이트가 왔습니다.',
    },
    hint: {
      en: 'Start the download again; it goes on where it stopped.',
      ko: '다운로드를 다시 시작하면 멈춘 곳부터 계속합니다.',
    },
  },
  'platform.wrongHash': {
    message: {
      en: '{file} arrived damaged: its SHA-256 is {actual}, but the Hub says {expected}. It was deleted.',
      ko: '{file}이(가) 손상되어 도착했습니다. SHA-256이 {actual}인데 Hub에는 {expected}(으)로 되어 있습니다. 파일은 지웠습니다.',
    },
    hint: {
      en: 'Download it again; if it happens twice, do not trust this network or mirror.',
      ko: '다시 받으세요. 또 그러면 이 네트워크나 미러를 믿지 마세요.',
    },
  },
  'platform.badHubAddress': {
    message: {
      en: 'TUNEBENCH_HUB is "{value}", which is not an https address (http is accepted for this machine only).',
      ko: 'TUNEBENCH_HUB 값 "{value}"은(는) https 주소가 아닙니다(http는 이 컴퓨터에만 쓸 수 있습니다).',
    },
    hint: {
      en: 'Set it to an address such as https://mirror.example, or remove it.',
      ko: 'https://mirror.example 같은 주소로 바꾸거나 지우세요.',
    },
  },
} as const satisfies ErrorTexts;
