import type { Store } from './types.ts';

export type * from './types.ts';

/** Opens (creating or migrating) the database file at `path`. */
export declare function openStore(path: string): Store;
