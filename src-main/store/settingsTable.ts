import { type Settings, settingsSchema } from '../contract/system.ts';
import type { StoreDatabase } from './database.ts';
import type { SettingsTable } from './types.ts';

const defaults: Settings = {
  language: 'system',
  theme: 'system',
  queuePaused: false,
  queueSlots: 1,
  resumeAfterBreak: false,
  notifyWhenDone: false,
  runViews: [],
  baselineRuns: [],
};

export function createSettingsTable(database: StoreDatabase): SettingsTable {
  const all = database.prepare<[], { name: string; value: string }>('SELECT name, value FROM settings');
  const put = database.prepare<[string, string]>(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  function get(): Settings {
    const stored = Object.fromEntries(all.all().map(({ name, value }) => [name, JSON.parse(value)]));
    return settingsSchema.parse({ ...defaults, ...stored });
  }
  return {
    get,
    save(change) {
      const checked = settingsSchema.partial().parse(change);
      return database.transaction(() => {
        for (const [name, value] of Object.entries(checked)) put.run(name, JSON.stringify(value));
        database.changed('settings');
        return get();
      });
    },
  };
}
