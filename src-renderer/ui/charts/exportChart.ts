import { drawChart } from '../../../src-main/contract/chartSvg.ts';
import { type ChartColours, lineLook } from './lineLook.ts';
import type { ChartLine } from './points.ts';

/** The chart as a drawing for documents, in the colours of the theme. */
export function chartSvg(
  title: string,
  xTitle: string,
  lines: readonly ChartLine[],
  colours: ChartColours,
  logarithmic: { readonly logX: boolean; readonly logY: boolean },
): string {
  return drawChart({
    title,
    xTitle,
    lines: lines.map((line) => ({ label: line.label, ...lineLook(line, colours), points: line.points })),
    ...logarithmic,
  });
}

/** The chart as it is on the screen, on the theme's ground. */
export function chartPng(canvas: HTMLCanvasElement, ground: string): Promise<Blob | null> {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = ground;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  return new Promise((resolve) => copy.toBlob(resolve, 'image/png'));
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
