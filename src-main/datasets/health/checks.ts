import {
  checkConflictingLabels,
  checkExactDuplicates,
  checkLeakage,
  checkNearDuplicates,
  checkSyntheticRows,
} from './groupChecks.ts';
import { checkClassImbalance, checkLabelErrors, checkTooLittleData } from './labelChecks.ts';
import type { Check, Found, Material, RowCheck } from './material.ts';
import {
  checkEmptyTexts,
  checkEncodingDamage,
  checkLanguageMix,
  checkLongTexts,
  checkOutliers,
  checkPersonalData,
  checkTruncatedTexts,
  checkUnknownTokens,
  checkUntidyTexts,
} from './textChecks.ts';

/** Every check, in the order findings of the same gravity are listed. */
export const rowChecks: Readonly<Record<RowCheck, Check>> = {
  leakage: checkLeakage,
  conflictingLabels: checkConflictingLabels,
  encodingDamage: checkEncodingDamage,
  personalData: checkPersonalData,
  exactDuplicates: checkExactDuplicates,
  nearDuplicates: checkNearDuplicates,
  emptyTexts: checkEmptyTexts,
  longTexts: checkLongTexts,
  truncatedTexts: checkTruncatedTexts,
  unknownTokens: checkUnknownTokens,
  untidyTexts: checkUntidyTexts,
  labelErrors: checkLabelErrors,
  classImbalance: checkClassImbalance,
  tooLittleData: checkTooLittleData,
  languageMix: checkLanguageMix,
  outliers: checkOutliers,
  syntheticRows: checkSyntheticRows,
};

/** What one check finds; undefined where it finds nothing. */
export function runCheck(check: RowCheck, material: Material): Found | undefined {
  const found = rowChecks[check](material);
  return found === undefined || found.groups.length === 0 ? undefined : found;
}
