import { describe, expect, it } from 'vitest';
import {
  bytesNeeded,
  downloadBytes,
  glibcIsAtLeast,
  pipArguments,
  planLibraries,
  type LibraryPlan,
} from '../../../build/setup/libraries.mjs';

const linux = { platform: 'linux', arch: 'x64', glibc: '2.36', cuda: false };

function planFor(machine: typeof linux): LibraryPlan {
  const plan = planLibraries(machine);
  if (!plan) throw new Error('no plan');
  return plan;
}

describe('planLibraries', () => {
  it('takes the processor build where CUDA is not asked for', () => {
    const plan = planFor(linux);
    expect(plan.wheels.map((wheel) => `${wheel.name}==${wheel.version}`)).toEqual(['tensorflow-cpu==2.18.0']);
    expect(plan.keep.some((prefix) => prefix.startsWith('nvidia'))).toBe(false);
  });

  it('takes the CUDA build of the same version with every package its extra names', () => {
    const plan = planFor({ ...linux, cuda: true });
    expect(plan.version).toBe(planFor(linux).version);
    expect(plan.wheels.map((wheel) => `${wheel.name}==${wheel.version}`)).toEqual([
      'tensorflow==2.18.0',
      'nvidia-cublas-cu12==12.5.3.2',
      'nvidia-cuda-cupti-cu12==12.5.82',
      'nvidia-cuda-nvcc-cu12==12.5.82',
      'nvidia-cuda-nvrtc-cu12==12.5.82',
      'nvidia-cuda-runtime-cu12==12.5.82',
      'nvidia-cudnn-cu12==9.3.0.75',
      'nvidia-cufft-cu12==11.2.3.61',
      'nvidia-curand-cu12==10.3.6.82',
      'nvidia-cusolver-cu12==11.6.3.83',
      'nvidia-cusparse-cu12==12.5.1.3',
      'nvidia-nccl-cu12==2.21.5',
      'nvidia-nvjitlink-cu12==12.5.82',
    ]);
    // The libraries look for CUDA beside themselves, in the layout of the wheels.
    expect(plan.keep).toContain('nvidia/');
    expect(plan.id).not.toBe(planFor(linux).id);
  });

  it('pins every wheel by its hash', () => {
    for (const cuda of [false, true]) {
      for (const wheel of planFor({ ...linux, cuda }).wheels) {
        expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(wheel.file).toContain(`-${wheel.version}-`);
      }
    }
  });

  it.each([
    { ...linux, platform: 'darwin' },
    { ...linux, platform: 'win32' },
    { ...linux, arch: 'arm64' },
    { ...linux, glibc: null },
    { ...linux, glibc: '2.12' },
  ])('has no plan for $platform $arch glibc $glibc', (machine) => {
    expect(planLibraries(machine)).toBeNull();
  });
});

describe('pipArguments', () => {
  it('fetches one wheel of a fixed platform, whatever Python runs pip', () => {
    const plan = planFor(linux);
    const [wheel] = plan.wheels;
    if (!wheel) throw new Error('no wheel');
    const given = pipArguments(plan, wheel, '/cache/partial').join(' ');
    expect(given).toContain('-m pip download --no-deps --only-binary=:all:');
    expect(given).toContain('--platform manylinux2014_x86_64');
    expect(given).toContain('--python-version 3.11');
    expect(given).toContain('--dest /cache/partial tensorflow-cpu==2.18.0');
  });
});

describe('sizes and versions', () => {
  it('needs room for the wheels and what is in them', () => {
    const plan = planFor(linux);
    expect(bytesNeeded(plan)).toBe(downloadBytes(plan) + plan.unpackedBytes);
    expect(downloadBytes(plan)).toBe(230_152_077);
  });

  it('compares versions of the C library as numbers', () => {
    expect(glibcIsAtLeast('2.17', 2, 17)).toBe(true);
    expect(glibcIsAtLeast('2.9', 2, 17)).toBe(false);
    expect(glibcIsAtLeast('3.0', 2, 17)).toBe(true);
  });
});
