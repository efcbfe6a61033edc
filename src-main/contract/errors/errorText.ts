import type { LocalizedText } from '../text.ts';

export interface ErrorText {
  readonly message: LocalizedText;
  readonly hint: LocalizedText;
}
export type ErrorTexts = Readonly<Record<string, ErrorText>>;
