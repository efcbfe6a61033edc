import { migration0001 } from './0001-firstTables.ts';
import { migration0002 } from './0002-runLog.ts';
import { migration0003 } from './0003-labelling.ts';
import { migration0004 } from './0004-datasetVersions.ts';
import { migration0005 } from './0005-runQueue.ts';
import { migration0006 } from './0006-datasetChanges.ts';
import { migration0007 } from './0007-labelHelp.ts';
import { migration0008 } from './0008-metricBlocks.ts';
import { migration0009 } from './0009-sharedRows.ts';
import { migration0010 } from './0010-consecutiveSteps.ts';
import { migration0011 } from './0011-syntheticRows.ts';
import { migration0012 } from './0012-runDurations.ts';
import { migration0013 } from './0013-runSamples.ts';
import { migration0014 } from './0014-curveSummaries.ts';
import type { Migration } from './migrate.ts';

/** Every migration in order; a new one is a file and a line. */
export const migrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
];
