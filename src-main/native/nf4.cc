/**
 * NF4 with double quantisation as bitsandbytes stores it (https://arxiv.org/abs/2305.14314): blocks of 64 weights share
 * a scale; the scales less their mean are quantised to 8 bits in blocks of 256.
 */
#include "families.h"
#include "kernel.h"

namespace tunebench {

constexpr int64_t nf4Block = 64, scaleBlock = 256;

/** Quantiles of the normal distribution with an exact 0, scaled to [−1, 1]. */
constexpr float nf4Levels[16] = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f,
};

struct Nf4Midpoints {
  constexpr Nf4Midpoints() : values() {
    for (int level = 0; level < 15; level++) values[level] = (nf4Levels[level] + nf4Levels[level + 1]) / 2;
  }
  constexpr float operator[](int level) const { return values[level]; }
  float values[15];
};
constexpr Nf4Midpoints nf4Midpoints;

}  // namespace tunebench

#define TUNEBENCH_LOOPS "nf4Loops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/**
 * The 256 levels of the dynamic 8-bit code (https://arxiv.org/abs/1511.04561): for i = 0 … 6 the 2^i midpoints of
 * 2^i + 1 even steps from 0.1 to 1, times 10^(i − 6), with both signs; 0; and 1. Rounded as torch.linspace rounds, which
 * steps from the nearer end.
 */
struct DynamicCode {
  DynamicCode() {
    int next = 0;
    for (int power = 0; power < 7; power++) {
      const int count = 1 << power;
      for (int index = 0; index < count; index++) {
        const float middle = (boundary(index, count) + boundary(index + 1, count)) / 2.0f;
        const float magnitude = middle * static_cast<float>(std::pow(10.0, power - 6));
        levels[next++] = magnitude;
        levels[next++] = -magnitude;
      }
    }
    levels[next++] = 0;
    levels[next++] = 1;
    std::sort(levels, levels + 256);
  }

  static float boundary(int index, int count) {
    const float step = (1.0f - 0.1f) / count;
    if (index < (count + 1) / 2) return std::fma(step, static_cast<float>(index), 0.1f);
    return std::fma(-step, static_cast<float>(count - index), 1.0f);
  }

  /** The nearest level, the lower one of two equally near. */
  uint8_t nearest(float value) const {
    const float* above = std::lower_bound(levels, levels + 256, value);
    if (above == levels) return 0;
    if (above == levels + 256) return 255;
    const bool lower = value - above[-1] <= *above - value;
    return static_cast<uint8_t>(above - levels - (lower ? 1 : 0));
  }

  float levels[256];
};

const DynamicCode& dynamicCode() {
  static const DynamicCode code;
  return code;
}

struct QuantizeNf4 {
  explicit QuantizeNf4(const Settings&) {}

  void compute(Call& call) const {
    const Input x = call.input(0);
    const int64_t count = x.size(), blocks = divideUp(count, nf4Block);
    uint8_t* codes = call.output<uint8_t>(0, {divideUp(count, 2)});
    uint8_t* scaleCodes = call.output<uint8_t>(1, {blocks});
    float* nestedScales = call.output<float>(2, {divideUp(blocks, scaleBlock)});
    float* offset = call.output<float>(3, {});
    std::vector<float> scales(blocks);
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = x.data<T>();
      parallelRows(blocks, nf4Block, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; block++) {
          const int64_t at = block * nf4Block, inside = std::min(nf4Block, count - at);
          scales[block] = TUNEBENCH_VECTORISED(largestMagnitude, from + at, inside);
          TUNEBENCH_VECTORISED(quantizeBlock, from + at, scales[block], codes + at / 2, inside);
        }
      });
    });
    *offset = meanOf(scales);
    quantizeScales(scales, *offset, scaleCodes, nestedScales);
  }

 private:
  static float meanOf(const std::vector<float>& values) {
    double sum = 0;
    for (float value : values) sum += value;
    return values.empty() ? 0.0f : static_cast<float>(sum / values.size());
  }

  static void quantizeScales(const std::vector<float>& scales, float offset, uint8_t* codes, float* nestedScales) {
    const int64_t count = scales.size();
    parallelFor(divideUp(count, scaleBlock), [&](int64_t block) {
      const int64_t begin = block * scaleBlock, end = std::min(count, begin + scaleBlock);
      float largest = 0;
      for (int64_t index = begin; index < end; index++) largest = std::max(largest, std::abs(scales[index] - offset));
      nestedScales[block] = largest;
      // Scales that are all equal are told by the offset alone; their code is 0, as in bitsandbytes.
      for (int64_t index = begin; index < end; index++)
        codes[index] = largest > 0 ? dynamicCode().nearest((scales[index] - offset) / largest) : 0;
    });
  }
};

/** Two roundings, as in the library that wrote the file: this code is compiled without fused multiply-add. */
std::vector<float> restoreScales(const uint8_t* codes, const float* nestedScales, float offset, int64_t count) {
  std::vector<float> scales(count);
  const float* levels = dynamicCode().levels;
  for (int64_t index = 0; index < count; index++)
    scales[index] = levels[codes[index]] * nestedScales[index / scaleBlock] + offset;
  return scales;
}

struct DequantizeNf4 {
  explicit DequantizeNf4(const Settings& settings) : type(settings.type("U")) {}

  void compute(Call& call) const {
    const Input codes = call.input(0), scaleCodes = call.input(1), nestedScales = call.input(2),
                offset = call.input(3), lengths = call.input(4);
    Shape shape;
    int64_t count = 1;
    for (int64_t axis = 0; axis < lengths.size(); axis++) {
      shape.push_back(lengths.data<int32_t>()[axis]);
      count *= shape.back();
    }
    const int64_t blocks = divideUp(count, nf4Block);
    require(codes.size() == divideUp(count, 2), "there must be one byte for two weights");
    require(scaleCodes.size() == blocks && nestedScales.size() == divideUp(blocks, scaleBlock) && offset.size() == 1,
            "the scales do not fit the shape");
    const std::vector<float> scales = restoreScales(scaleCodes.data<uint8_t>(), nestedScales.data<float>(),
                                                    *offset.data<float>(), blocks);
    const uint8_t* packed = codes.data<uint8_t>();
    withFloatType(type, [&](auto* tag) {
      using U = std::remove_pointer_t<decltype(tag)>;
      U* to = call.output<U>(0, shape);
      parallelRows(blocks, nf4Block, [&](int64_t begin, int64_t end) {
        const int64_t at = begin * nf4Block;
        TUNEBENCH_VECTORISED(dequantizeBlocks, packed + at / 2, scales.data() + begin, to + at, end - begin,
                             count - at);
      });
    });
  }

  TF_DataType type;
};

}  // namespace

void registerNf4() {
  registerOperation<QuantizeNf4>({"TunebenchQuantizeNf4",
                                  {floatType},
                                  {"x: T"},
                                  {"codes: uint8", "scales: uint8", "nested: float", "offset: float"}});
  registerOperation<DequantizeNf4>(
      {"TunebenchDequantizeNf4",
       {outputType},
       {"codes: uint8", "scales: uint8", "nested: float", "offset: float", "shape: int32"},
       {"y: U"}});
}

}  // namespace tunebench
