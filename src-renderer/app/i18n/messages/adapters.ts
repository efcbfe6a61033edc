import type { Messages } from '../message.ts';

export const adapterMessages = {
  'adapters.title': { en: 'Adapters', ko: '어댑터' },
  'adapters.useLead': {
    en: 'Which adapters of this base model are at work, and how much each counts. They work in this order; the last one decides the classes.',
    ko: '이 기반 모델의 어댑터 가운데 어느 것을 얼마나 쓸지 정합니다. 위에서부터 차례로 쓰고, 마지막 어댑터가 분류 항목을 정합니다.',
  },
  'adapters.belowLead': {
    en: 'Adapters of earlier runs that stay as they are under what is trained now, such as a language adapter.',
    ko: '이전 실행의 어댑터를 그대로 두고 그 위에서 학습합니다. 예: 언어 어댑터.',
  },
  'adapters.belowTitle': { en: 'Adapters below', ko: '아래에 둘 어댑터' },
  'adapters.none': { en: 'None', ko: '없음' },
  'adapters.add': { en: 'Add an adapter', ko: '어댑터 추가' },
  'adapters.weight': { en: 'Weight of {name}', ko: '{name}의 가중치' },
  'adapters.badWeight': {
    en: 'A number from −10 to 10',
    ko: '-10부터 10까지의 수',
  },
  'adapters.remove': { en: 'Switch {name} off', ko: '{name} 끄기' },
  'adapters.moveUp': { en: 'Move {name} up', ko: '{name} 위로 옮기기' },
  'adapters.ownAlone': { en: 'Only this run’s own', ko: '이 실행의 것만' },
  'adapters.combineName': { en: 'Name of the combined adapter', ko: '합친 어댑터의 이름' },
  'adapters.combine': { en: 'Combine into one', ko: '하나로 합치기' },
  'adapters.combining': { en: 'Combining…', ko: '합치는 중…' },
  'adapters.combined': {
    en: '“{name}” is ready: add it to the list to try it.',
    ko: '‘{name}’ 어댑터를 만들었습니다. 목록에 추가해 써 볼 수 있습니다.',
  },
  'adapters.delete': { en: 'Delete {name} for good', ko: '{name} 완전히 지우기' },
} as const satisfies Messages;
