/**
 * NF4 with double quantisation as bitsandbytes stores it (https://arxiv.org/abs/2305.14314): blocks of 64 weights share
 * a scale; the scales less their mean are quantised to 8 bits in blocks of 256.
 */
#include "families.h"
#include "kernel.h"
#include "narrowProduct.h"

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

/** A quantised matrix or vector as it comes in: inputs `first` to `first + 3` of a call. */
struct QuantizedInput {
  QuantizedInput(Call& call, int first, int64_t count)
      : codes(call.input(first)),
        scaleCodes(call.input(first + 1)),
        nestedScales(call.input(first + 2)),
        offset(call.input(first + 3)) {
    const int64_t blocks = divideUp(count, nf4Block);
    require(codes.size() == divideUp(count, 2), "there must be one byte for two weights");
    require(scaleCodes.size() == blocks && nestedScales.size() == divideUp(blocks, scaleBlock) && offset.size() == 1,
            "the scales do not fit the shape");
  }

  /**
   * Scales of `count` blocks. Two roundings, as in the library that wrote the file: this code is compiled without fused
   * multiply-add.
   */
  void restoreScales(int64_t begin, int64_t count, float* to) const {
    const float* levels = dynamicCode().levels;
    const uint8_t* from = scaleCodes.data<uint8_t>();
    const float *factors = nestedScales.data<float>(), shift = *offset.data<float>();
    for (int64_t index = 0; index < count; index++)
      to[index] = levels[from[begin + index]] * factors[(begin + index) / scaleBlock] + shift;
  }

  Input codes, scaleCodes, nestedScales, offset;
};

struct DequantizeNf4 {
  explicit DequantizeNf4(const Settings& settings) : type(settings.type("U")) {}

  void compute(Call& call) const {
    const Input lengths = call.input(4);
    Shape shape;
    int64_t count = 1;
    for (int64_t axis = 0; axis < lengths.size(); axis++) {
      shape.push_back(lengths.data<int32_t>()[axis]);
      count *= shape.back();
    }
    const QuantizedInput from(call, 0, count);
    const int64_t blocks = divideUp(count, nf4Block);
    std::vector<float> scales(blocks);
    from.restoreScales(0, blocks, scales.data());
    const uint8_t* packed = from.codes.data<uint8_t>();
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

/**
 * y `[..., outputs]` = x `[..., depth]` · weightᵀ (+ bias) for few rows, weight `[outputs, depth]` in NF4: a few of its
 * rows at a time are restored into the nearest cache, so that only the codes come from memory.
 */
struct NarrowProductNf4 {
  explicit NarrowProductNf4(const Settings& settings) : outputs(settings.integer("outputs")) {}

  void compute(Call& call) const {
    const Input x = call.input(0), bias = call.input(5);
    require(x.rank() >= 1, "rows are needed");
    const int64_t rows = x.rows(), depth = x.length(-1);
    require(rows <= NARROW_MOST_ROWS, "there are too many rows");
    require(depth % nf4Block == 0, "the rows of the weight must be whole blocks");
    require(bias.isAbsent() || bias.size() == outputs, "the bias must have one number for each output");
    const QuantizedInput weight(call, 1, outputs * depth);
    Shape shape = x.shape();
    shape.back() = outputs;
    float* y = call.output<float>(0, shape);
    const float *from = x.data<float>(), *added = bias.dataOrNull<float>();
    const uint8_t* codes = weight.codes.data<uint8_t>();
    const int64_t perTask = std::max<int64_t>(4, elementsPerTask / std::max<int64_t>(1, depth) / 4 * 4);
    parallelFor(rows == 0 ? 0 : divideUp(outputs, perTask), [&](int64_t task) {
      const int64_t begin = task * perTask, count = std::min(perTask, outputs - begin);
      const int64_t blocks = count * depth / nf4Block;
      const Scratch scales(blocks), values(count * depth);
      weight.restoreScales(begin * depth / nf4Block, blocks, scales.data());
      TUNEBENCH_VECTORISED(dequantizeBlocks, codes + begin * depth / 2, scales.data(), values.data(), blocks,
                           count * depth);
      multiplyFewRows(from, rows, values.data(), depth, outputs, added ? added + begin : nullptr, y + begin, count);
    });
  }

  int64_t outputs;
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
  registerOperation<NarrowProductNf4>(
      {"TunebenchNarrowProductNf4",
       {"outputs: int"},
       {"x: float", "codes: uint8", "scales: uint8", "nested: float", "offset: float", "bias: float"},
       {"y: float"}});
}

}  // namespace tunebench
