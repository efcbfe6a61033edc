import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  cleanLeftovers,
  placeFileAtomically,
  recoverFolder,
  removeFolderAtomically,
  verifyFolder,
  writeFileAtomically,
  writeFolderAtomically,
} from '../../../src-main/platform/atomicFiles.ts';
import { nodeFileSystem } from '../../../src-main/platform/fileSystem.ts';
import { failingFileSystem } from './failingFileSystem.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const failures = [
  { code: 'ENOSPC', forGood: false },
  { code: 'EIO', forGood: false },
  { code: 'EIO', forGood: true },
];

describe('writing a file', () => {
  test.each(failures)(
    'leaves the old or the new content whatever call fails ($code, $forGood)',
    (failure) => {
      const folder = temporaryFolder();
      const path = join(folder, 'settings.json');
      let tried = 0;
      for (let at = 1; ; at++) {
        writeFileAtomically(path, 'old content');
        const { fileSystem, fired } = failingFileSystem({ at, ...failure });
        let failed = false;
        try {
          writeFileAtomically(path, 'new content', fileSystem);
        } catch {
          failed = true;
        }
        const content = readFileSync(path, 'utf8');
        expect(['old content', 'new content']).toContain(content);
        if (!failed) expect(content).toBe('new content');
        if (!fired()) break;
        tried++;
      }
      expect(tried).toBeGreaterThan(5);
      cleanLeftovers(folder);
      expect(readdirSync(folder)).toEqual(['settings.json']);
    },
  );

  test('says that the disk is full', () => {
    const path = join(temporaryFolder(), 'file');
    const { fileSystem } = failingFileSystem({ at: 2, code: 'ENOSPC', forGood: false });
    expect(() => writeFileAtomically(path, 'content', fileSystem)).toThrow(/disk is full/);
  });
});

function writeVersion(
  folder: string,
  version: string,
  fileSystem?: Parameters<typeof writeFolderAtomically>[2],
) {
  return writeFolderAtomically(
    folder,
    (file) => {
      const weights = file('model.safetensors');
      const config = file('inner/config.json');
      weights.write(bytes(`weights ${version} `));
      config.write(bytes(version));
      weights.write(bytes('and more'));
    },
    fileSystem,
  );
}

describe('writing a folder', () => {
  test('writes what was given, with a manifest that verifies', () => {
    const folder = join(temporaryFolder(), 'checkpoint');
    const { sizeBytes, manifest } = writeVersion(folder, 'one');
    expect(Object.keys(manifest.files)).toEqual(['model.safetensors', 'inner/config.json']);
    expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('weights one and more');
    expect(verifyFolder(folder)).toEqual(manifest);
    expect(sizeBytes).toBe(20 + 3 + readFileSync(join(folder, 'manifest.json')).byteLength);
  });

  test.each(failures)(
    'leaves a whole old or new version whatever call fails ($code, $forGood)',
    (failure) => {
      const parent = temporaryFolder();
      const folder = join(parent, 'result');
      let tried = 0;
      for (let at = 1; ; at++) {
        writeVersion(folder, 'old');
        const { fileSystem, fired } = failingFileSystem({ at, ...failure });
        let failed = false;
        try {
          writeVersion(folder, 'new', fileSystem);
        } catch {
          failed = true;
        }
        if (!failure.forGood) expect(existsSync(folder)).toBe(true);
        verifyFolder(folder);
        const version = readFileSync(join(folder, 'inner', 'config.json'), 'utf8');
        expect(['old', 'new']).toContain(version);
        if (!failed) expect(version).toBe('new');
        if (!fired()) break;
        tried++;
      }
      expect(tried).toBeGreaterThan(20);
      cleanLeftovers(parent);
      expect(readdirSync(parent)).toEqual(['result']);
    },
  );

  test('brings the previous version back when the machine died between the two renames', () => {
    const parent = temporaryFolder();
    writeVersion(join(parent, '.result.previous'), 'old');
    recoverFolder(join(parent, 'result'));
    expect(readFileSync(join(parent, 'result', 'inner', 'config.json'), 'utf8')).toBe('old');
  });

  test('refuses names that leave the folder, and leaves nothing behind', () => {
    const parent = temporaryFolder();
    for (const name of ['../evil', '/etc/evil', 'a/../../evil', 'a\\b', '', 'C:evil', 'nul']) {
      expect(() => writeFolderAtomically(join(parent, 'out'), (file) => file(name))).toThrow(
        /cannot be used/,
      );
    }
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('verifying a folder', () => {
  const damages: [string, (folder: string) => void, RegExp][] = [
    [
      'a changed byte',
      (folder) => writeFileSync(join(folder, 'model.safetensors'), 'Weights one and more'),
      /SHA-256 differs/,
    ],
    ['a cut file', (folder) => truncateSync(join(folder, 'model.safetensors'), 5), /5 bytes instead of 20/],
    ['a missing manifest', (folder) => truncateSync(join(folder, 'manifest.json'), 10), /cannot be read/],
  ];
  test.each(damages)('notices %s', (_, damage, message) => {
    const folder = join(temporaryFolder(), 'checkpoint');
    writeVersion(folder, 'one');
    damage(folder);
    expect(() => verifyFolder(folder)).toThrow(message);
  });

  test('notices a missing file and a folder that is none', () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'empty'));
    expect(() => verifyFolder(join(parent, 'empty'))).toThrow(/there is no manifest/);
    expect(existsSync(join(parent, 'absent'))).toBe(false);
    expect(() => verifyFolder(join(parent, 'absent'))).toThrow(/there is no manifest/);
  });
});

test.each(failures)(
  'a file that others write is there whole or not at all, whatever call fails ($code, $forGood)',
  (failure) => {
    const folder = temporaryFolder();
    const path = join(folder, 'copy.sqlite');
    for (let at = 1; ; at++) {
      const { fileSystem, fired } = failingFileSystem({ at, ...failure });
      let failed = false;
      try {
        placeFileAtomically(
          path,
          (part) => {
            writeFileSync(`${part}-journal`, 'needed on the way');
            writeFileSync(part, 'whole');
          },
          fileSystem,
        );
      } catch {
        failed = true;
      }
      expect(failed || existsSync(path)).toBe(true);
      if (existsSync(path)) expect(readFileSync(path, 'utf8')).toBe('whole');
      cleanLeftovers(folder);
      expect(readdirSync(folder)).toEqual(existsSync(path) ? ['copy.sqlite'] : []);
      if (!fired()) break;
      rmSync(path, { force: true });
    }
    expect(() => placeFileAtomically(join(folder, 'other'), () => expect.unreachable())).toThrow();
    expect(readdirSync(folder)).toEqual(['copy.sqlite']);
  },
);

describe('removing a folder', () => {
  const fill = (folder: string) => {
    mkdirSync(folder);
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), name);
  };

  test('that breaks off in the middle leaves nothing under its name, and nothing at all after the next start', () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'step-1');
    fill(folder);
    const remove = (path: string) => {
      rmSync(join(path, 'a'));
      throw Object.assign(new Error('broken off'), { code: 'EIO' });
    };
    removeFolderAtomically(folder, { ...nodeFileSystem, remove });
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(parent)).toHaveLength(1);
    cleanLeftovers(parent);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('that cannot begin leaves all of it and says so', () => {
    const folder = join(temporaryFolder(), 'step-1');
    fill(folder);
    const { fileSystem } = failingFileSystem({ at: 2, code: 'EACCES', forGood: true });
    expect(() => removeFolderAtomically(folder, fileSystem)).toThrow(/step-1/);
    expect(readdirSync(folder)).toEqual(['a', 'b']);
  });

  test('that gets no other name is removed under its own: a full disk is to get room', () => {
    const folder = join(temporaryFolder(), 'step-1');
    fill(folder);
    const rename = () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    removeFolderAtomically(folder, { ...nodeFileSystem, rename });
    expect(existsSync(folder)).toBe(false);
  });

  test('that is not there is nothing', () => {
    expect(() => removeFolderAtomically(join(temporaryFolder(), 'none'))).not.toThrow();
  });
});
