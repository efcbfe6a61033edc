import type { ChartColours } from './lineLook.ts';

/** The colours of the current theme, as the style sheet says them. */
export function readChartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    train: read('--chart-train'),
    validation: read('--chart-validation'),
    test: read('--chart-test'),
    watch: read('--chart-watch'),
    grid: read('--chart-grid'),
    text: read('--ink-faint'),
    ink: read('--ink'),
    canvas: read('--canvas'),
  };
}
