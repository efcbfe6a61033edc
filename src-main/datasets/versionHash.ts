import type { Fields, Split } from '../contract/datasets.ts';

export interface DatasetRecord {
  readonly split: Split;
  readonly fields: Fields;
}

/** SHA-256 over text as UTF-8, handed in: the codecs reach nothing of the machine themselves. */
export interface TextHash {
  update(text: string): void;
  /** In hex. */
  digest(): string;
}

/** SHA-256 over ordered records; the same rows in the same splits give the same hash whatever file they came from. */
export interface VersionHasher {
  add(record: DatasetRecord): void;
  /** The hash in hex; nothing can be added after. */
  digest(): string;
}

/** One spelling of a record: split, then fields by name, whatever order the file had. */
function canonicalForm({ split, fields }: DatasetRecord): string {
  const entries = Object.keys(fields)
    .sort()
    .map((name) => [name, fields[name]]);
  return `${JSON.stringify([split, entries])}\n`;
}

export function createVersionHasher(hash: TextHash): VersionHasher {
  return {
    add: (record) => hash.update(canonicalForm(record)),
    digest: () => hash.digest(),
  };
}
