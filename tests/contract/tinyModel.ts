import path from 'node:path';
import { applicationFolder } from '../../src-main/hosts/openHost.ts';

/** The shipped encoder and decoder: small enough to train in a test. */
export const encoderFolder = path.join(applicationFolder, 'resources', 'samples', 'models', 'tiny-encoder');
export const decoderFolder = path.join(applicationFolder, 'resources', 'samples', 'models', 'tiny-decoder');
