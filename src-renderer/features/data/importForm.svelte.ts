import type { DatasetSummary, ReadOptions, SourceFile } from '../../../src-main/contract/datasets.ts';
import type { ColumnRole, Task } from '../../../src-main/contract/methods.ts';
import { library } from '../../app/state/library.svelte.ts';
import { client } from '../../rpc/client.ts';
import { Action, Resource } from '../../rpc/resource.svelte.ts';
import { without } from '../../ui/without.ts';
import {
  type RoleColumns,
  estimateSplit,
  missingRequiredRoles,
  nameOfFile,
  parseShares,
  rolesForTask,
  suggestTask,
} from './importPlan.ts';

/** The state of the import wizard, from the chosen file to the finished dataset. */
export class ImportForm {
  /** The files in the order their rows will have; a dataset of the Hub has several. */
  files = $state.raw<readonly SourceFile[]>([]);
  readonly path = $derived(this.files[0]?.path);
  options = $state.raw<ReadOptions>({});
  name = $state('');
  task = $state<Task | undefined>(undefined);
  roles = $state.raw<RoleColumns>({});
  splitColumn = $state('');
  validationPercent = $state('10');
  testPercent = $state('10');
  skipBadRows = $state(false);
  uploadingName = $state<string | undefined>(undefined);
  readonly opening = new Action();
  readonly importing = new Action();
  readonly preview = new Resource(() =>
    client.datasets.preview({ path: this.path ?? '', options: this.options }),
  );

  readonly objective = $derived(library.methods.value?.objectives.find(({ id }) => id === this.task));
  readonly shares = $derived(parseShares(this.validationPercent, this.testPercent));
  readonly missingRoles = $derived(missingRequiredRoles(this.objective, this.roles));
  readonly badRows = $derived(this.preview.value?.rowProblems.count ?? 0);
  readonly estimate = $derived(
    this.shares && estimateSplit((this.preview.value?.totalRows ?? 0) - this.badRows, this.shares),
  );
  readonly ready = $derived(
    this.preview.value !== undefined &&
      this.preview.problems.length === 0 &&
      this.missingRoles.length === 0 &&
      (this.splitColumn !== '' || this.shares !== undefined) &&
      (this.badRows === 0 || this.skipBadRows),
  );

  async openPath(path: string): Promise<void> {
    await this.openFiles([{ path }], nameOfFile(path));
  }

  async openFiles(files: readonly SourceFile[], name: string): Promise<void> {
    this.files = files;
    this.options = {};
    this.name = name;
    this.skipBadRows = false;
    await this.#readAgain();
  }

  /** Text from the clipboard, as a file whose kind is found out by its content. */
  async paste(text: string): Promise<void> {
    await this.upload(new File([text], 'pasted.txt'));
  }

  async upload(file: File): Promise<void> {
    this.uploadingName = file.name;
    const uploaded = await this.opening.run(() => client.files.upload({ name: file.name, content: file }));
    this.uploadingName = undefined;
    if (!uploaded) return;
    await this.openFiles([{ path: uploaded.path }], nameOfFile(file.name));
  }

  async changeOptions(options: ReadOptions): Promise<void> {
    this.options = options;
    await this.#readAgain();
  }

  chooseTask(task: Task): void {
    this.task = task;
    this.#suggestRoles();
  }

  chooseColumn(role: ColumnRole, column: string): void {
    this.roles = column === '' ? without(this.roles, role) : { ...this.roles, [role]: column };
  }

  async import(): Promise<DatasetSummary | undefined> {
    const { files } = this;
    if (files.length === 0) return undefined;
    return this.importing.run(() =>
      client.datasets.import({
        files: [...files],
        options: this.options,
        mapping: { roles: this.roles, ...(this.splitColumn === '' ? {} : { splitColumn: this.splitColumn }) },
        ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
        ...(this.splitColumn === '' ? this.shares : {}),
        skipBadRows: this.skipBadRows,
      }),
    );
  }

  async #readAgain(): Promise<void> {
    this.importing.clear();
    await this.preview.reload();
    const preview = this.preview.value;
    if (!preview || this.preview.problems.length > 0) return;
    this.task = suggestTask(library.methods.value?.objectives ?? [], preview.suggestedMapping);
    this.splitColumn = preview.suggestedMapping.splitColumn ?? '';
    this.#suggestRoles();
  }

  #suggestRoles(): void {
    const preview = this.preview.value;
    if (!preview) return;
    this.roles = rolesForTask(
      library.methods.value?.objectives.find(({ id }) => id === this.task),
      { ...preview.suggestedMapping.roles, ...this.roles },
      preview.columns,
    );
  }
}
