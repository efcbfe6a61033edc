import type { ConfigReader } from './configReader.ts';

/**
 * Which layers' attention looks back a window of tokens only.
 * @param isLocal says so where config.json has no `layer_types`
 */
export function localLayers(
  config: ConfigReader,
  layers: number,
  isLocal: (layer: number) => boolean,
): boolean[] {
  const types = config.texts('layer_types');
  return Array.from({ length: layers }, (_, layer) =>
    types ? types[layer] === 'sliding_attention' : isLocal(layer),
  );
}
