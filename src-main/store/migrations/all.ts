import { migration0001 } from './0001-firstTables.ts';
import type { Migration } from './migrate.ts';

/** Every migration in order; a new one is a file and a line. */
export const migrations: readonly Migration[] = [migration0001];
