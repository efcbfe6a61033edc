/** Every value inside a settings object by its path, such as `training.learningRate`; lists are values. */
export function settingPaths(settings: unknown, prefix = ''): [path: string, value: unknown][] {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return [[prefix, settings]];
  return Object.entries(settings).flatMap(([name, inner]) =>
    settingPaths(inner, prefix === '' ? name : `${prefix}.${name}`),
  );
}
