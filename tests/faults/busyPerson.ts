import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunConfig } from '../../src-main/contract/runs.ts';
import type { HostClient } from '../../src-main/rpc/dispatcher.ts';
import { classificationConfig } from '../contract/runFixtures.ts';

const rowsPerImport = 40;
const farAway = '2999-01-01T00:00:00.000Z';

/**
 * Labels, imports and orders the queue as fast as the host answers, and remembers what was acknowledged: whatever
 * happens to the host, all of that is to be there again, and of the last, unacknowledged thing all or nothing.
 */
export class BusyPerson {
  readonly #folder: string;
  readonly config: RunConfig;
  readonly #labelling: string;
  /** Of runs that wait for ever. */
  readonly #parked: readonly string[];
  #labelled = 0;
  #moves = 0;
  /** A move was asked for and not answered. */
  #moving = false;
  #imports = 0;
  readonly #imported: string[] = [];

  private constructor(folder: string, config: RunConfig, labelling: string, parked: readonly string[]) {
    this.#folder = folder;
    this.config = config;
    this.#labelling = labelling;
    this.#parked = parked;
  }

  static async begin(
    client: HostClient,
    folder: string,
    training: RunConfig['training'],
  ): Promise<BusyPerson> {
    const small = await classificationConfig(client, folder);
    const config = { ...small, training: { ...small.training, ...training } };
    const { datasetId } = config;
    const { id } = await client.labels.open({ datasetId, task: 'single', existing: 'nothing' });
    const parked: string[] = [];
    for (const name of ['parked first', 'parked second']) {
      parked.push((await client.runs.start({ ...config, name, notBefore: farAway })).id);
    }
    const lines = Array.from({ length: rowsPerImport }, (_, index) => `row ${index},${index % 3}`);
    writeFileSync(join(folder, 'more.csv'), `text,label\n${lines.join('\n')}\n`);
    return new BusyPerson(folder, config, id, parked);
  }

  get acknowledged(): number {
    return this.#labelled + this.#moves + this.#imported.length;
  }

  /** Goes on until the line breaks. */
  async work(client: HostClient, isOver: () => boolean): Promise<void> {
    try {
      while (!isOver()) {
        await this.doSomething(client);
        if (this.#labelled % 7 === 0) await this.#import(client);
        // Leaves the host some time for the run it is training.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } catch (error) {
      if (!isOver()) throw error;
    }
  }

  async doSomething(client: HostClient): Promise<void> {
    await this.#label(client);
    await this.#move(client);
  }

  async #label(client: HostClient): Promise<void> {
    const next = this.#labelled + 1;
    const target = { numbers: [1 + (next % 64), 1 + ((next * 5) % 64)] };
    const label = next % 2 === 0 ? 'light' : 'music';
    const id = this.#labelling;
    const answer = { kind: 'labels' as const, labels: [label] };
    // A note that differs each time: labelling again what is labelled so already changes nothing.
    await client.labels.act({ id, action: { kind: 'note', target, note: `note ${next}` } });
    this.#labelled = next;
    await client.labels.act({ id, action: { kind: 'label', target, answer } });
  }

  async #move(client: HostClient): Promise<void> {
    const id = this.#parked[(this.#moves + 1) % 2] ?? '';
    this.#moving = true;
    await client.runs.move({ id, place: 0 });
    this.#moving = false;
    this.#moves++;
  }

  async #import(client: HostClient): Promise<void> {
    const name = `import ${++this.#imports}`;
    await client.datasets.import({
      files: [{ path: join(this.#folder, 'more.csv') }],
      mapping: { roles: { text: 'text', label: 'label' } },
      name,
    });
    this.#imported.push(name);
  }

  /** Compares what is there with what was acknowledged. */
  async check(client: HostClient): Promise<void> {
    const id = this.#labelling;
    const notes = (await client.labels.history({ id, limit: 500 })).filter(({ kind }) => kind === 'note');
    const newest = Number(notes[0]?.value?.slice('note '.length) ?? 0);
    // Carried out, and the answer cut off by the kill.
    expect([this.#labelled, this.#labelled + 1]).toContain(newest);
    this.#labelled = newest;
    const kept = Math.min(notes.length, newest);
    expect(notes.map(({ value }) => value)).toEqual(
      Array.from({ length: kept }, (_, index) => `note ${newest - index}`),
    );
    expect(kept).toBeGreaterThanOrEqual(Math.min(newest, 200));

    const positions = await Promise.all(
      this.#parked.map(async (run) => (await client.runs.get({ id: run })).queuePosition ?? 0),
    );
    const ahead = (positions[0] ?? 0) < (positions[1] ?? 0) ? 0 : 1;
    if (this.#moving && ahead !== this.#moves % 2) this.#moves++;
    this.#moving = false;
    expect(ahead).toBe(this.#moves % 2);
    expect(new Set(positions).size).toBe(2);

    const datasets = await client.datasets.list({});
    const imports = datasets.filter(({ name }) => name.startsWith('import '));
    const names = imports.map(({ name }) => name);
    for (const name of this.#imported) expect(names).toContain(name);
    expect(names.length).toBeLessThanOrEqual(this.#imports);
    for (const { id: dataset } of imports) {
      const { total, rows } = await client.datasets.rows({ id: dataset, limit: rowsPerImport });
      expect([total, rows.length]).toEqual([rowsPerImport, rowsPerImport]);
      // Checked once: a few hundred of them would only make the check slower.
      await client.datasets.remove({ id: dataset });
    }
    this.#imported.length = 0;
  }
}
