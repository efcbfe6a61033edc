import { describeProblem } from '../../contract/errors/index.ts';
import { findEncodingDamage } from './encodingDamage.ts';
import { measureLanguageMix } from './languageMix.ts';
import { type Check, groupBy, singly } from './material.ts';
import { findOutliers } from './outliers.ts';
import { findPersonalData } from './personalData.ts';
import { findEmptyTexts, findLongTexts } from './textLengths.ts';
import { findUntidyTexts } from './tidyText.ts';

/** A second script in so large a share of the rows is meant, not stray. */
const meantShare = 0.2;
/** Of all tokens, the share of unknown ones from which the tokenizer does not fit the texts. */
const strangeShare = 0.01;

export const checkEmptyTexts: Check = (material) => ({
  severity: 'serious',
  groups: singly(material, findEmptyTexts(material.texts)),
  describe: (counts) => describeProblem('health.emptyTexts', counts),
});

export const checkLongTexts: Check = (material) => {
  const limit = material.options.longTextCharacters;
  return {
    severity: 'notice',
    groups: singly(material, findLongTexts(material.lengths, limit)),
    describe: (counts) => describeProblem('health.longTexts', { ...counts, limit }),
  };
};

export const checkTruncatedTexts: Check = (material) => {
  const limit = material.options.maximumTokens;
  const lengths = material.tokens()?.map(({ tokens }) => tokens) ?? [];
  return {
    severity: 'notice',
    groups: singly(material, findLongTexts(lengths, limit)),
    describe: (counts) => describeProblem('health.truncatedTexts', { ...counts, limit }),
  };
};

export const checkUnknownTokens: Check = (material) => {
  const counts = material.tokens() ?? [];
  const [unknown, all] = counts.reduce(
    ([strange, total], count) => [strange + count.unknown, total + count.tokens],
    [0, 0],
  );
  if (unknown < all * strangeShare || unknown === 0) return undefined;
  const percent = Math.round((1000 * unknown) / all) / 10;
  const rows = counts.flatMap((count, row) => (count.unknown > 0 ? [row] : []));
  return {
    severity: 'serious',
    groups: singly(material, rows),
    describe: (found) => describeProblem('health.unknownTokens', { ...found, percent }),
  };
};

export const checkUntidyTexts: Check = ({ texts }) => ({
  severity: 'notice',
  groups: groupBy(findUntidyTexts(texts)),
  describe: (counts) => describeProblem('health.untidyTexts', counts),
});

export const checkEncodingDamage: Check = ({ texts }) => ({
  severity: 'serious',
  groups: groupBy(findEncodingDamage(texts)),
  describe: (counts) => describeProblem('health.encodingDamage', counts),
});

export const checkPersonalData: Check = ({ texts }) => ({
  severity: 'serious',
  groups: groupBy(
    texts.flatMap((text, row) =>
      [...new Set(findPersonalData(text).map(({ kind }) => kind))].map((kind) => ({ kind, row })),
    ),
  ),
  describe: (counts) => describeProblem('health.personalData', counts),
});

export const checkLanguageMix: Check = ({ texts }) => {
  const mix = measureLanguageMix(texts);
  const judged = mix.scripts.reduce((sum, { rows: found }) => sum + found.length, 0);
  const main = mix.scripts.filter(({ rows: found }) => found.length >= judged * meantShare);
  const names = main.map(({ script }) => script).join(', ');
  return {
    severity: 'notice',
    groups: mix.scripts
      .filter((script) => !main.includes(script))
      .map(({ script, rows: found }) => ({ note: script, rows: found })),
    describe: (counts) => describeProblem('health.languageMix', { ...counts, main: names }),
  };
};

export const checkOutliers: Check = (material) => ({
  severity: 'notice',
  groups: singly(material, findOutliers(material.texts)),
  describe: (counts) => describeProblem('health.outliers', counts),
});
