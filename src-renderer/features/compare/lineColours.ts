/** Colours that people with any colour vision can tell apart (Okabe and Ito), dark and light enough for both themes. */
const colours = [
  '#4353d6',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56a5e9',
  '#b8860b',
  '#8b5cf6',
  '#7a7f8c',
] as const;
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2]];

/** How the line of the n-th compared run looks: colours first, then dashes. */
export function lineLook(index: number): { colour: string; dash: readonly number[] } {
  return {
    colour: colours[index % colours.length] ?? colours[0],
    dash: dashes[Math.floor(index / colours.length) % dashes.length] ?? [],
  };
}
