import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type OptionSpecs, checkOptions } from '../../../src-main/contract/options.ts';
import { koreanKind } from '../../../src-renderer/app/i18n/expectedKinds.ts';
import { type Message, say } from '../../../src-renderer/app/i18n/message.ts';
import { catalogue } from '../../../src-renderer/app/i18n/messages/catalogue.ts';
import { resolveParticles } from '../../../src-renderer/app/i18n/particles.ts';

const entries: [string, Message][] = Object.entries(catalogue);

function namesIn(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

function englishTemplate(message: Message): string {
  return typeof message.en === 'string' ? message.en : message.en.other;
}

describe('the catalogue', () => {
  test('says the same parameters in both languages', () => {
    const different = entries.filter(([, message]) => {
      const english = new Set(namesIn(englishTemplate(message)));
      const korean = new Set(namesIn(message.ko));
      return english.size !== korean.size || [...english].some((name) => !korean.has(name));
    });
    expect(different.map(([key]) => key)).toEqual([]);
  });

  test('is complete, each language in its own script', () => {
    const wrong = entries.filter(([, message]) => {
      const english = englishTemplate(message);
      if (english.trim() === '' || /[가-힣]/.test(english)) return true;
      const isName = english === message.ko;
      return !isName && !/[가-힣]/.test(message.ko);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test('every sentence is used somewhere in the window', () => {
    const root = new URL('../../../src-renderer/', import.meta.url);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(svelte|ts)$/.test(path) && !path.includes('messages'))
      .map((path) => readFileSync(new URL(path, root), 'utf8'))
      .join('\n');
    const computed =
      /^(step\.(data|model|strategy|hyperparameters|initialise|train|validate|test|use)|(split|role|task|status|noRun|metric|chart\.axis|run\.document|runs\.(reducer|export)|column|checkpoints\.kind|expand\.(kind|verdict))\.|label\.((task|status|order|existing|did|likeBy|helpKind|helpBy|rule)\.|(first|second|tie)$))/;
    const unused = entries
      .map(([key]) => key)
      .filter((key) => !computed.test(key) && !sources.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });
});

describe('say', () => {
  test('chooses the plural by count and groups digits', () => {
    expect(say(catalogue['common.rows'], 'en', { count: 1 })).toBe('1 row');
    expect(say(catalogue['common.rows'], 'en', { count: 12345 })).toBe('12,345 rows');
    expect(say(catalogue['common.rows'], 'ko', { count: 12345 })).toBe('12,345행');
  });

  test('leaves an unknown parameter visible instead of dropping it', () => {
    expect(say({ en: 'Hello {name}', ko: '안녕 {name}' }, 'en')).toBe('Hello {name}');
  });

  test('does not read a parameter as a template', () => {
    expect(say({ en: '{a}', ko: '{a}' }, 'en', { a: '{b}', b: 'x' })).toBe('{b}');
  });
});

test('whatever the check expects has a Korean name', () => {
  const words = { label: { en: 'x', ko: 'x' }, help: { en: 'x', ko: 'x' } };
  const specs: OptionSpecs = {
    number: { type: 'number', default: 1, ...words },
    finite: { type: 'number', default: 1, ...words },
    integer: { type: 'integer', default: 1, ...words },
    boolean: { type: 'boolean', default: true, ...words },
    text: { type: 'text', default: '', ...words },
    list: { type: 'list', default: [], ...words },
    integers: { type: 'integers', default: [], ...words },
    numberMap: { type: 'numberMap', default: {}, ...words },
  };
  const wrong = Object.fromEntries(Object.keys(specs).map((name) => [name, name === 'list' ? 1 : ['x', 2]]));
  const { problems } = checkOptions(specs, { ...wrong, finite: Number.NaN, integer: 1.5 }, 'training');
  const kinds = problems.map(({ params }) => String(params['expected']));
  expect(kinds).toHaveLength(Object.keys(specs).length);
  expect(kinds.filter((kind) => !/[가-힣]/.test(koreanKind(kind)))).toEqual([]);
});

describe('Korean particles', () => {
  test.each([
    ['모델을(를)', '모델을'],
    ['데이터을(를)', '데이터를'],
    ['"고양이"을(를) 삭제', '"고양이"를 삭제'],
    ['“산”을(를) 삭제', '“산”을 삭제'],
    ['서울(으)로', '서울로'],
    ['집(으)로', '집으로'],
    ['학교(으)로', '학교로'],
    ['7(으)로', '7로'],
    ['3을(를)', '3을'],
    ['2이(가)', '2가'],
    ['파일이(가)', '파일이'],
    ['LoRA을(를)', 'LoRA를'],
    ['표와(과)', '표와'],
    ['책와(과)', '책과'],
  ])('%s → %s', (given, expected) => {
    expect(resolveParticles(given)).toBe(expected);
  });

  test('keeps both forms where the sound is unknown', () => {
    expect(resolveParticles('→을(를)')).toBe('→을(를)');
  });
});
