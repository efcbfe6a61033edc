import type { AdapterChoice } from '../../contract/adapters.ts';
import { TunebenchError } from '../../contract/errors/index.ts';

/**
 * Adapters as `ID` or `ID=WEIGHT`, in the order they were given in.
 * @param flag where they stand, for error sentences
 */
export function readAdapterFlags(flag: string, values: readonly string[], verb: string): AdapterChoice[] {
  return values.map((value) => {
    const [id = '', weight] = value.split('=');
    const number = weight === undefined ? 1 : Number(weight);
    if (id === '' || weight === '' || !Number.isFinite(number)) {
      throw new TunebenchError('cli.badFlag', { flag, value, detail: 'ID, ID=0.5', verb });
    }
    return { id, weight: number };
  });
}
