import {
  type LabelledStretch,
  type Stretch,
  isMarked,
  outside,
  spansOfWords,
} from '../contract/taggedWords.ts';

/** The spans that tags mean. Tags without marks, as parts of speech are, mean none. */
export function spansOfMarkedTags(words: readonly Stretch[], tags: readonly string[]): LabelledStretch[] {
  const marked = words.map((_, index) => {
    const tag = tags[index] ?? outside;
    return isMarked(tag) ? tag : outside;
  });
  return spansOfWords(words, marked);
}
