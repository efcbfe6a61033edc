export const scripts = [
  'Hangul',
  'Latin',
  'Han',
  'Kana',
  'Cyrillic',
  'Arabic',
  'Devanagari',
  'Thai',
  'Greek',
  'Hebrew',
] as const;
export type Script = (typeof scripts)[number];

const letters: Readonly<Record<Script, RegExp>> = {
  Hangul: /\p{Script=Hangul}/gu,
  Latin: /\p{Script=Latin}/gu,
  Han: /\p{Script=Han}/gu,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Cyrillic: /\p{Script=Cyrillic}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Devanagari: /\p{Script=Devanagari}/gu,
  Thai: /\p{Script=Thai}/gu,
  Greek: /\p{Script=Greek}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
};

/** Letters of these scripts carry about a syllable or a word each, so they weigh more than letters of an alphabet. */
const weights: Readonly<Partial<Record<Script, number>>> = { Hangul: 2.5, Han: 3, Kana: 2 };

/** The script that most of a text is written in; undefined where it has no letters of these. Kana tells Japanese from Chinese. */
export function scriptOf(text: string): Script | undefined {
  let best: Script | undefined;
  let most = 0;
  const sample = text.slice(0, 2000);
  for (const script of scripts) {
    const weight = (sample.match(letters[script])?.length ?? 0) * (weights[script] ?? 1);
    if (weight > most) {
      best = script;
      most = weight;
    }
  }
  return best === 'Han' && sample.search(letters.Kana) >= 0 ? 'Kana' : best;
}

export interface LanguageMix {
  readonly main: Script | undefined;
  /** Rows by script, commonest first. */
  readonly scripts: readonly { readonly script: Script; readonly rows: readonly number[] }[];
}

/** Which scripts the texts are written in. */
export function measureLanguageMix(texts: readonly string[]): LanguageMix {
  const rows = new Map<Script, number[]>();
  texts.forEach((text, row) => {
    const script = scriptOf(text);
    if (script === undefined) return;
    const found = rows.get(script);
    if (found === undefined) rows.set(script, [row]);
    else found.push(row);
  });
  const found = [...rows]
    .map(([script, list]) => ({ script, rows: list }))
    .sort((one, other) => other.rows.length - one.rows.length);
  return { main: found[0]?.script, scripts: found };
}
