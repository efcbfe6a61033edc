/** Which wheels carry libtensorflow and CUDA: pinned versions, files and SHA-256. */

/**
 * @typedef {object} Wheel
 * @property {string} name the package
 * @property {string} version
 * @property {string} file the wheel's file name
 * @property {string} sha256
 * @property {number} sizeBytes of the wheel
 */

/**
 * @typedef {object} LibraryPlan
 * @property {string} id names the unpacked folder in the cache
 * @property {string} version of libtensorflow
 * @property {boolean} cuda
 * @property {Wheel[]} wheels
 * @property {string[]} pipPlatform options that make any Python's pip choose these wheels
 * @property {string[]} keep path prefixes inside the wheels that are unpacked
 * @property {number} unpackedBytes about
 */

const tensorflowVersion = '2.18.0';

// The wheels of one Python version serve every other: nothing of Python in them is used.
const pipPlatform = [
  ...['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_17_x86_64'],
  ...['--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311', '--abi', 'none'],
];

const linuxTag = 'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64';

/** @type {Wheel} */
const processorWheel = {
  name: 'tensorflow-cpu',
  version: tensorflowVersion,
  file: `tensorflow_cpu-${tensorflowVersion}-${linuxTag}.whl`,
  sha256: '089e71746960ea581dca53401f84b3b99c8537313e337a9e5dbf97036a936f7e',
  sizeBytes: 230_152_077,
};

/** @type {[name: string, version: string, sha256: string][]} */
const cudaPackages = [
  ['nvidia-cublas-cu12', '12.5.3.2', 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'],
  ['nvidia-cuda-cupti-cu12', '12.5.82', 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953'],
  ['nvidia-cuda-nvcc-cu12', '12.5.82', 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0'],
  ['nvidia-cuda-nvrtc-cu12', '12.5.82', '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'],
  ['nvidia-cuda-runtime-cu12', '12.5.82', '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'],
  ['nvidia-cudnn-cu12', '9.3.0.75', '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'],
  ['nvidia-cufft-cu12', '11.2.3.61', '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'],
  ['nvidia-curand-cu12', '10.3.6.82', '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'],
  ['nvidia-cusolver-cu12', '11.6.3.83', '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'],
  ['nvidia-cusparse-cu12', '12.5.1.3', '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'],
  ['nvidia-nccl-cu12', '2.21.5', '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0'],
  ['nvidia-nvjitlink-cu12', '12.5.82', 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'],
];

/** The packages the wheel's `and-cuda` extra names, after the wheel itself. @type {Wheel[]} */
const cudaWheels = [
  {
    name: 'tensorflow',
    version: tensorflowVersion,
    file: `tensorflow-${tensorflowVersion}-${linuxTag}.whl`,
    sha256: '70b8dd70fa3600bfce66ab529eebb804e1f9d7c863d2f71bc8fe9fc7a1ec3976',
    sizeBytes: 615_000_000,
  },
  ...cudaPackages.map(([name, version, sha256]) => ({
    name,
    version,
    file: `${name.replaceAll('-', '_')}-${version}-py3-none-manylinux2014_x86_64.whl`,
    sha256,
    sizeBytes: 200_000_000,
  })),
];

const keepTensorflow = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  // The C headers, and what they include.
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/tsl/',
  'tensorflow/include/xla/tsl/',
];

/**
 * What must be fetched for a platform, or null where no build has been tried.
 * @param {{ platform: string, arch: string, glibc: string | null, cuda: boolean }} machine
 * @returns {LibraryPlan | null}
 */
export function planLibraries({ platform, arch, glibc, cuda }) {
  if (platform !== 'linux' || arch !== 'x64' || !glibcIsAtLeast(glibc, 2, 17)) return null;
  const common = { version: tensorflowVersion, cuda, pipPlatform };
  if (!cuda) {
    return {
      ...common,
      id: `tensorflow-cpu-${tensorflowVersion}-linux-x64`,
      wheels: [processorWheel],
      keep: keepTensorflow,
      unpackedBytes: 690_000_000,
    };
  }
  return {
    ...common,
    id: `tensorflow-cuda-${tensorflowVersion}-linux-x64`,
    wheels: cudaWheels,
    keep: [...keepTensorflow, 'nvidia/'],
    unpackedBytes: 4_100_000_000,
  };
}

/**
 * @param {string | null} glibc such as `2.36`; null where the C library is another one
 * @param {number} major
 * @param {number} minor
 * @returns {boolean}
 */
export function glibcIsAtLeast(glibc, major, minor) {
  if (!glibc) return false;
  const [foundMajor = 0, foundMinor = 0] = glibc.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/**
 * pip's arguments to fetch one wheel.
 * @param {LibraryPlan} plan
 * @param {Wheel} wheel
 * @param {string} folder where the wheel goes
 * @returns {string[]}
 */
export function pipArguments(plan, wheel, folder) {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir'],
    ...['--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--retries', '2'],
    ...plan.pipPlatform,
    ...['--dest', folder, `${wheel.name}==${wheel.version}`],
  ];
}

/**
 * The bytes a plan needs in the cache at its worst moment: every wheel, and all of it unpacked.
 * @param {LibraryPlan} plan
 * @returns {number}
 */
export function bytesNeeded(plan) {
  return plan.unpackedBytes + downloadBytes(plan);
}

/** @param {LibraryPlan} plan @returns {number} */
export function downloadBytes(plan) {
  return plan.wheels.reduce((total, wheel) => total + wheel.sizeBytes, 0);
}
