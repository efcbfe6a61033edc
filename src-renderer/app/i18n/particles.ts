const pairs: Readonly<Record<string, readonly [afterConsonant: string, afterVowel: string]>> = {
  '을(를)': ['을', '를'],
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
  '와(과)': ['과', '와'],
  '(으)로': ['으로', '로'],
  '(이)라는': ['이라는', '라는'],
};

/** Digits read aloud: 영 일 이 삼 사 오 육 칠 팔 구. */
const digitEndsInConsonant = [true, true, false, true, false, false, true, true, true, false];
const digitsEndingInRieul = new Set(['1', '7', '8']);
const latinEndingInConsonant = /[lmnrbckpt]$/i;

type Ending = 'vowel' | 'consonant' | 'rieul';

function endingOf(word: string): Ending | undefined {
  const last = word.replace(/["'”’»」』)\].,%]+$/u, '').at(-1);
  if (last === undefined) return undefined;
  const code = last.charCodeAt(0) - 0xac00;
  if (code >= 0 && code <= 11171) {
    const final = code % 28;
    if (final === 0) return 'vowel';
    return final === 8 ? 'rieul' : 'consonant';
  }
  if (/\d/.test(last)) {
    if (digitsEndingInRieul.has(last)) return 'rieul';
    return digitEndsInConsonant[Number(last)] ? 'consonant' : 'vowel';
  }
  if (/[a-z]/i.test(last)) {
    if (/[lr]/i.test(last)) return 'rieul';
    return latinEndingInConsonant.test(last) ? 'consonant' : 'vowel';
  }
  return undefined;
}

/**
 * Turns "모델을(를)" into "모델을" and "데이터을(를)" into "데이터를" by the sound before the particle.
 * Where the sound is not known both forms stay, as they do in print.
 */
export function resolveParticles(text: string): string {
  return text.replace(
    /(\S+?)(을\(를\)|이\(가\)|은\(는\)|와\(과\)|\(으\)로|\(이\)라는)/gu,
    (whole, word: string, particle: string) => {
      const forms = pairs[particle];
      const ending = endingOf(word);
      if (!forms || ending === undefined) return whole;
      const [afterConsonant, afterVowel] = forms;
      const vowelForm = ending === 'vowel' || (ending === 'rieul' && particle === '(으)로');
      return word + (vowelForm ? afterVowel : afterConsonant);
    },
  );
}
