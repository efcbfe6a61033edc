import { adapterMessages } from './adapters.ts';
import { bakeOffMessages } from './bakeOff.ts';
import { checkpointMessages } from './checkpoints.ts';
import { commonMessages } from './common.ts';
import { compareMessages } from './compare.ts';
import { dataMessages } from './data.ts';
import { expandMessages } from './expand.ts';
import { exportMessages } from './export.ts';
import { homeMessages } from './home.ts';
import { labelMessages } from './label.ts';
import { labelHelpMessages } from './labelHelp.ts';
import { labelRoundMessages } from './labelRounds.ts';
import { modelMessages } from './models.ts';
import { runLogMessages } from './runLog.ts';
import { runMessages } from './runs.ts';
import { runTableMessages } from './runTable.ts';
import { sampleMessages } from './samples.ts';
import { settingsMessages } from './settings.ts';
import { setupMessages } from './setup.ts';
import { studyMessages } from './studies.ts';
import { shellMessages } from './shell.ts';

/** Every sentence of the window, by key, in every language. */
export const catalogue = {
  ...commonMessages,
  ...shellMessages,
  ...homeMessages,
  ...dataMessages,
  ...expandMessages,
  ...exportMessages,
  ...labelMessages,
  ...labelHelpMessages,
  ...labelRoundMessages,
  ...modelMessages,
  ...setupMessages,
  ...runMessages,
  ...runLogMessages,
  ...runTableMessages,
  ...sampleMessages,
  ...checkpointMessages,
  ...compareMessages,
  ...bakeOffMessages,
  ...adapterMessages,
  ...studyMessages,
  ...settingsMessages,
} as const;

export type MessageKey = keyof typeof catalogue;
