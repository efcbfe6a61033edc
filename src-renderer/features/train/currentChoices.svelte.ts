import { library } from '../../app/state/library.svelte.ts';
import { workspace } from '../../app/state/workspace.svelte.ts';
import { type Choices, resolveChoices } from './draftChoices.ts';

/** What the workspace's draft comes to with what the library holds now. */
export function currentChoices(): Choices {
  return resolveChoices(workspace.draft, {
    datasets: library.datasets.value ?? [],
    models: library.models.value ?? [],
    methods: library.methods.value?.methods ?? [],
    objectives: library.methods.value?.objectives ?? [],
    training: library.methods.value?.training ?? {},
  });
}
