import { type Appearance, readAppearance, saveAppearance } from './appearance.ts';

export type ThemeChoice = Appearance['theme'];

const darkQuery = matchMedia('(prefers-color-scheme: dark)');

class ThemeState {
  choice = $state<ThemeChoice>(readAppearance().theme);
  #systemIsDark = $state(darkQuery.matches);
  readonly current = $derived(
    this.choice === 'system' ? (this.#systemIsDark ? 'dark' : 'light') : this.choice,
  );

  constructor() {
    darkQuery.addEventListener('change', (event) => {
      this.#systemIsDark = event.matches;
      this.#apply();
    });
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    saveAppearance({ theme: choice });
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.current;
  }
}

export const theme = new ThemeState();
