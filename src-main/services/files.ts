import type { FolderListing } from '../contract/system.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import { listFolder, pathBelow, safeFileName, writeFileAtomically } from '../platform/index.ts';
import type { ServiceContext } from './context.ts';
import { newId } from './identity.ts';

/** Largest file that can come through the browser; larger ones are chosen by their path. */
export const uploadLimitBytes = 256 * 1024 * 1024;

/** The file chooser's view of this machine, and files sent through the browser. */
export function createFilesService(context: ServiceContext) {
  const places = [
    { name: 'Tunebench', path: context.dataFolder.path },
    { name: 'Samples', path: context.samplesFolder },
  ];
  return {
    list(path: string | undefined): FolderListing {
      return listFolder(path, places);
    },

    /** Keeps an uploaded file under a folder of its own, so that equal names do not meet. */
    async upload(name: string, content: Blob): Promise<{ path: string }> {
      if (content.size > uploadLimitBytes) {
        throw new TunebenchError('host.uploadTooLarge', {
          name,
          sizeBytes: content.size,
          limitBytes: uploadLimitBytes,
        });
      }
      const path = pathBelow(context.dataFolder.uploadsPath, context.files.join(newId(), safeFileName(name)));
      writeFileAtomically(path, new Uint8Array(await content.arrayBuffer()));
      return { path };
    },
  };
}
