/** What a spreadsheet takes for a formula, a macro or a separator; apostrophes before it come from an earlier guard. */
const looksLikeFormula = /^'*[=+\-@\t\r]/;
const plainNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Text for a cell that a spreadsheet shows and never computes: an apostrophe before what looks like a formula.
 * `withoutFormulaGuard` gives the text back.
 */
export function withFormulaGuard(text: string): string {
  return looksLikeFormula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

export function withoutFormulaGuard(text: string): string {
  return text.startsWith("'") && looksLikeFormula.test(text) ? text.slice(1) : text;
}
