import { type ExecFileException, execFile } from 'node:child_process';
import type { LocalizedText } from '../contract/text.ts';
import { systemErrorCode } from './fileErrors.ts';

export interface GpuProbe {
  readonly gpus: readonly { readonly name: string; readonly memoryBytes: number }[];
  /** Why there are none; null where there are some. */
  readonly noneReason: LocalizedText | null;
}

const timeoutMs = 4000;
const bytesPerMebibyte = 1024 * 1024;

function parseGpus(output: string): GpuProbe['gpus'] {
  return output.split('\n').flatMap((line) => {
    const match = /^(.+?),\s*(\d+)\s*$/.exec(line.trim());
    const name = match?.[1];
    const mebibytes = match?.[2];
    return name === undefined || mebibytes === undefined
      ? []
      : [{ name, memoryBytes: Number(mebibytes) * bytesPerMebibyte }];
  });
}

function explainFailure(error: ExecFileException, detail: string): LocalizedText {
  if (systemErrorCode(error) === 'ENOENT') {
    return {
      en: 'No NVIDIA driver is installed (nvidia-smi was not found).',
      ko: 'NVIDIA 드라이버가 설치되어 있지 않습니다(nvidia-smi를 찾지 못했습니다).',
    };
  }
  if (error.killed === true) {
    const seconds = timeoutMs / 1000;
    return {
      en: `nvidia-smi did not answer within ${seconds} seconds.`,
      ko: `nvidia-smi가 ${seconds}초 안에 응답하지 않았습니다.`,
    };
  }
  return { en: `nvidia-smi failed: ${detail}`, ko: `nvidia-smi 실행에 실패했습니다: ${detail}` };
}

/** Asks the NVIDIA driver for its devices; never throws, answers within a few seconds. */
export function probeGpus(command = 'nvidia-smi'): Promise<GpuProbe> {
  const flags = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  return new Promise((resolve) => {
    execFile(command, flags, { timeout: timeoutMs, windowsHide: true }, (error, output, errorOutput) => {
      if (error !== null) {
        const detail = (errorOutput || output || error.message).trim().split('\n')[0] ?? '';
        resolve({ gpus: [], noneReason: explainFailure(error, detail) });
        return;
      }
      const gpus = parseGpus(output);
      const noDevice = { en: 'nvidia-smi reports no device.', ko: 'nvidia-smi가 찾은 GPU가 없습니다.' };
      resolve({ gpus, noneReason: gpus.length > 0 ? null : noDevice });
    });
  });
}
