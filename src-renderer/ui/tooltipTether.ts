import { Tooltip } from 'bits-ui';

/** Ties everything that has a tooltip to the one that is drawn: pages have hundreds of the first. */
export const tooltipTether = Tooltip.createTether<string>();
