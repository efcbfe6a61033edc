/** Layer norm and RMS norm, with the residual addition before them, and their gradient. */
#include "families.h"
#include "kernel.h"

namespace tunebench {

struct NormWeights {
  const float* weight;
  const float* bias;  // null for none
  float epsilon;
  bool centered;  // layer norm: the mean is subtracted first
};

}  // namespace tunebench

#define TUNEBENCH_LOOPS "normLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

template <class T>
T* shifted(T* pointer, int64_t by) {
  return pointer ? pointer + by : nullptr;
}

/** x (+ residual) → y, x + residual, mean (centred only) and 1/√(variance + ε) of each row. */
struct Norm {
  explicit Norm(const Settings& settings)
      : centered(settings.flag("centered")), epsilon(settings.number("epsilon")), outputType(settings.type("U")) {}

  void compute(Call& call) const {
    const Input x = call.input(0), residual = call.input(1), weight = call.input(2), bias = call.input(3);
    require(x.rank() > 0, "x must have at least one axis");
    const int64_t width = x.length(-1), rows = x.rows();
    require(weight.size() == width, "the weight must be as wide as x");
    require(bias.isAbsent() || bias.size() == width, "the bias must be as wide as x");
    const bool adds = !residual.isAbsent();
    require(!adds || residual.size() == x.size(), "the residual must have the shape of x");
    const NormWeights norm{weight.data<float>(), bias.dataOrNull<float>(), epsilon, centered};
    float* means = call.output<float>(2, {centered ? rows : 0});
    float* scales = call.output<float>(3, {rows});
    if (!centered) means = nullptr;
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *from = x.data<T>(), *added = residual.dataOrNull<T>();
      T* sum = call.output<T>(1, adds ? x.shape() : Shape{0});
      if (!adds) sum = nullptr;
      withFloatType(outputType, [&](auto* secondType) {
        using U = std::remove_pointer_t<decltype(secondType)>;
        U* to = call.output<U>(0, x.shape());
        parallelRows(rows, width, [&](int64_t begin, int64_t end) {
          const int64_t at = begin * width;
          TUNEBENCH_VECTORISED(normRows, from + at, shifted(added, at), shifted(sum, at), to + at,
                               shifted(means, begin), scales + begin, norm, end - begin, width);
        });
      });
    });
  }

  bool centered;
  float epsilon;
  TF_DataType outputType;
};

struct NormGradient {
  explicit NormGradient(const Settings& settings)
      : wantWeight(settings.flag("wantWeight")), wantBias(settings.flag("wantBias")) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), x = call.input(1), mean = call.input(2), scale = call.input(3),
                weight = call.input(4), passing = call.input(5);
    require(x.rank() > 0, "x must have at least one axis");
    const int64_t width = x.length(-1), rows = x.rows();
    require(gradient.size() == x.size(), "the gradient must have the shape of x");
    require(weight.size() == width && scale.size() == rows, "weight or saved scale of another shape");
    require(passing.isAbsent() || passing.size() == x.size(), "the passing gradient must have the shape of x");
    float* weightGradient = call.output<float>(1, {wantWeight ? width : 0});
    float* biasGradient = call.output<float>(2, {wantBias ? width : 0});
    const float *means = mean.dataOrNull<float>(), *scales = scale.data<float>(), *weights = weight.data<float>();
    const RowBlocks blocks(rows, width);
    const int64_t partial = blocks.count * width;
    const Scratch sums(2 * partial);
    std::fill_n(sums.data(), 2 * partial, 0.0f);
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *from = x.data<T>(), *other = passing.dataOrNull<T>();
      T* to = call.output<T>(0, x.shape());
      withFloatType(gradient.type(), [&](auto* secondType) {
        using U = std::remove_pointer_t<decltype(secondType)>;
        const U* incoming = gradient.data<U>();
        parallelFor(blocks.count, [&](int64_t block) {
          const int64_t begin = blocks.begin(block), at = begin * width;
          float* weightSum = wantWeight ? sums.data() + block * width : nullptr;
          float* biasSum = wantBias ? sums.data() + partial + block * width : nullptr;
          TUNEBENCH_VECTORISED(normGradientRows, incoming + at, from + at, shifted(means, begin), scales + begin,
                               weights, shifted(other, at), to + at, weightSum, biasSum, blocks.end(block) - begin,
                               width);
        });
      });
    });
    if (wantWeight) addPartialSums(sums.data(), blocks.count, width, weightGradient);
    if (wantBias) addPartialSums(sums.data() + partial, blocks.count, width, biasGradient);
  }

  bool wantWeight;
  bool wantBias;
};

}  // namespace

void registerNorms() {
  registerOperation<Norm>({"TunebenchNorm",
                           {floatType, outputType, "centered: bool", "epsilon: float"},
                           {"x: T", "residual: T", "weight: float", "bias: float"},
                           {"y: U", "sum: T", "mean: float", "scale: float"}});
  registerOperation<NormGradient>(
      {"TunebenchNormGradient",
       {floatType, outputType, "wantWeight: bool", "wantBias: bool"},
       {"gradient: U", "x: T", "mean: float", "scale: float", "weight: float", "passing: T"},
       {"dx: T", "dweight: float", "dbias: float"}});
}

}  // namespace tunebench
