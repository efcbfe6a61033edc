const storageKey = 'tunebench.runColumns';

function readChosen(): string[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(saved) ? saved.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** The columns a person has added to the list of runs, kept by this window. */
class ChosenColumns {
  names = $state.raw<readonly string[]>(readChosen());

  toggle(name: string): void {
    this.choose(
      this.names.includes(name) ? this.names.filter((other) => other !== name) : [...this.names, name],
    );
  }

  choose(names: readonly string[]): void {
    this.names = names;
    localStorage.setItem(storageKey, JSON.stringify(this.names));
  }
}
export const chosenColumns = new ChosenColumns();
