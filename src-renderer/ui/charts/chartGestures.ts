import type { Chart } from 'chart.js';
import type { ChartView, Range } from './chartView.svelte.ts';

const shortestDragPixels = 5;

/** What a chart shows along its lower edge now. */
export function shownRange(chart: Chart): Range {
  const { min, max } = chart.scales['x'] ?? { min: 0, max: 1 };
  return { from: min, to: max };
}

function placeAt(chart: Chart, pixel: number): number {
  return chart.scales['x']?.getValueForPixel(pixel) ?? 0;
}

export interface Gestures {
  /** Part of the chart that is being marked, in pixels. */
  onselect(part: { left: number; width: number } | undefined): void;
}

/**
 * Pointing, zooming and moving with mouse or pen: drag marks what to look at, drag with Shift moves, the wheel with
 * Control zooms, a double click shows everything again.
 * @returns takes all of it away again
 */
export function attachGestures(
  element: HTMLElement,
  chartOf: () => Chart | undefined,
  view: ChartView,
  { onselect }: Gestures,
): () => void {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  let start: { pixel: number; shown: Range; moves: boolean } | undefined;
  const pixelOf = (event: MouseEvent) => event.clientX - element.getBoundingClientRect().left;
  const inside = (chart: Chart, pixel: number) =>
    Math.min(Math.max(pixel, chart.chartArea.left), chart.chartArea.right);

  element.addEventListener(
    'pointerdown',
    (event) => {
      const chart = chartOf();
      if (!chart || event.button !== 0) return;
      start = { pixel: pixelOf(event), shown: shownRange(chart), moves: event.shiftKey };
      element.setPointerCapture(event.pointerId);
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      const chart = chartOf();
      if (!chart) return;
      const pixel = inside(chart, pixelOf(event));
      if (!start) {
        view.pointed = placeAt(chart, pixel);
        return;
      }
      if (start.moves) {
        const { left, right } = chart.chartArea;
        view.pan(start.shown, (start.pixel - pixel) / Math.max(1, right - left));
      } else onselect({ left: Math.min(start.pixel, pixel), width: Math.abs(pixel - start.pixel) });
    },
    options,
  );
  const finish = (event: PointerEvent) => {
    const chart = chartOf();
    const from = start;
    start = undefined;
    onselect(undefined);
    if (!chart || !from || from.moves) return;
    const pixel = inside(chart, pixelOf(event));
    if (Math.abs(pixel - from.pixel) < shortestDragPixels) return;
    const [first, last] = [placeAt(chart, from.pixel), placeAt(chart, pixel)];
    view.range = { from: Math.min(first, last), to: Math.max(first, last) };
  };
  element.addEventListener('pointerup', finish, options);
  element.addEventListener('pointercancel', finish, options);
  element.addEventListener('pointerleave', () => (view.pointed = undefined), options);
  element.addEventListener('dblclick', () => view.reset(), options);
  element.addEventListener(
    'wheel',
    (event) => {
      const chart = chartOf();
      // Without Control the wheel scrolls the page.
      if (!chart || !event.ctrlKey) return;
      event.preventDefault();
      view.zoom(shownRange(chart), event.deltaY < 0 ? 'in' : 'out', placeAt(chart, pixelOf(event)));
    },
    { ...options, passive: false },
  );
  return () => controller.abort();
}

/** The same by keyboard; true where the key was one of ours. */
export function followKey(key: string, chart: Chart, view: ChartView): boolean {
  const shown = shownRange(chart);
  switch (key) {
    case '+':
    case '=':
      view.zoom(shown, 'in', view.pointed);
      return true;
    case '-':
      view.zoom(shown, 'out', view.pointed);
      return true;
    case '0':
    case 'Escape':
      view.reset();
      view.pointed = undefined;
      return true;
    case 'PageUp':
      view.pan(shown, 0.5);
      return true;
    case 'PageDown':
      view.pan(shown, -0.5);
      return true;
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = ((shown.to - shown.from) / 50) * (key === 'ArrowLeft' ? -1 : 1);
      const next = (view.pointed ?? (shown.from + shown.to) / 2) + step;
      view.pointed = Math.min(Math.max(next, shown.from), shown.to);
      return true;
    }
    default:
      return false;
  }
}
