import { localized } from '../i18n/language.svelte.ts';
import { library } from './library.svelte.ts';

/** A method's name in the current language; an id that is not known here stands for itself. */
export function methodName(id: string): string {
  const method = library.methods.value?.methods.find((each) => each.id === id);
  return method ? localized(method.name) : id;
}
