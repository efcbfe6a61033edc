import { type ChartAxis, chartAxisSchema } from '../../../src-main/contract/runs.ts';

/** How charts are drawn, the same for all of them; kept by this window. */
interface Saved {
  axis: ChartAxis;
  smoothing: number;
  band: boolean;
  logX: boolean;
  logY: boolean;
  ignoreOutliers: boolean;
  pinned: readonly string[];
}

const storageKey = 'tunebench.charts';
const defaults: Saved = {
  axis: 'step',
  smoothing: 0.9,
  band: true,
  logX: false,
  logY: false,
  ignoreOutliers: false,
  pinned: [],
};

function readSaved(): Saved {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof saved !== 'object' || saved === null) return defaults;
    const value: Partial<Record<keyof Saved, unknown>> = saved;
    const flag = (name: 'band' | 'logX' | 'logY' | 'ignoreOutliers') =>
      typeof value[name] === 'boolean' ? value[name] : defaults[name];
    return {
      axis: chartAxisSchema.catch(defaults.axis).parse(value.axis),
      smoothing: typeof value.smoothing === 'number' ? value.smoothing : defaults.smoothing,
      band: flag('band'),
      logX: flag('logX'),
      logY: flag('logY'),
      ignoreOutliers: flag('ignoreOutliers'),
      pinned: Array.isArray(value.pinned) ? value.pinned.filter((name) => typeof name === 'string') : [],
    };
  } catch {
    return defaults;
  }
}

class ChartDisplay {
  #saved = $state.raw(readSaved());

  get current(): Readonly<Saved> {
    return this.#saved;
  }

  change(change: Partial<Saved>): void {
    this.#saved = { ...this.#saved, ...change };
    localStorage.setItem(storageKey, JSON.stringify(this.#saved));
  }

  togglePinned(name: string): void {
    const { pinned } = this.#saved;
    this.change({
      pinned: pinned.includes(name) ? pinned.filter((other) => other !== name) : [...pinned, name],
    });
  }
}
export const chartDisplay = new ChartDisplay();
