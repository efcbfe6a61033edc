/** GELU with the bias before it, SiLU · gate, and their gradients. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "activationLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

struct Gelu {
  explicit Gelu(const Settings& settings) : tanhForm(settings.flag("tanh")) {}

  void compute(Call& call) const {
    const Input x = call.input(0), bias = call.input(1);
    const int64_t width = x.rank() == 0 ? 1 : x.length(-1), rows = x.rows();
    require(bias.isAbsent() || bias.size() == width, "the bias must be as wide as x");
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = x.data<T>();
      const float* added = bias.dataOrNull<float>();
      T* to = call.output<T>(0, x.shape());
      if (added) {
        parallelRows(rows, width, [&](int64_t begin, int64_t end) {
          TUNEBENCH_VECTORISED(geluRows, from + begin * width, added, to + begin * width, end - begin, width, tanhForm);
        });
      } else {
        parallelRows(x.size(), 1, [&](int64_t begin, int64_t end) {
          TUNEBENCH_VECTORISED(geluRows, from + begin, added, to + begin, 1, end - begin, tanhForm);
        });
      }
    });
  }

  bool tanhForm;
};

struct GeluGradient {
  explicit GeluGradient(const Settings& settings)
      : tanhForm(settings.flag("tanh")), wantBias(settings.flag("wantBias")) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), x = call.input(1), bias = call.input(2);
    const int64_t width = x.rank() == 0 ? 1 : x.length(-1), rows = x.rows();
    require(gradient.size() == x.size(), "the gradient must have the shape of x");
    require(bias.isAbsent() || bias.size() == width, "the bias must be as wide as x");
    float* biasGradient = call.output<float>(1, {wantBias ? width : 0});
    const RowBlocks blocks(rows, width);
    const Scratch sums(wantBias ? blocks.count * width : 0);
    if (wantBias) std::fill_n(sums.data(), blocks.count * width, 0.0f);
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *incoming = gradient.data<T>(), *from = x.data<T>();
      const float* added = bias.dataOrNull<float>();
      T* to = call.output<T>(0, x.shape());
      parallelFor(blocks.count, [&](int64_t block) {
        const int64_t begin = blocks.begin(block), at = begin * width;
        TUNEBENCH_VECTORISED(geluGradientRows, incoming + at, from + at, added, to + at,
                             wantBias ? sums.data() + block * width : nullptr, blocks.end(block) - begin, width,
                             tanhForm);
      });
    });
    if (wantBias) addPartialSums(sums.data(), blocks.count, width, biasGradient);
  }

  bool tanhForm;
  bool wantBias;
};

struct SiluGate {
  explicit SiluGate(const Settings&) {}

  void compute(Call& call) const {
    const Input gate = call.input(0), up = call.input(1);
    require(gate.size() == up.size(), "gate and up must have one shape");
    withFloatType(gate.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *gates = gate.data<T>(), *ups = up.data<T>();
      T* to = call.output<T>(0, gate.shape());
      parallelRows(gate.size(), 1, [&](int64_t begin, int64_t end) {
        TUNEBENCH_VECTORISED(siluGate, gates + begin, ups + begin, to + begin, end - begin);
      });
    });
  }
};

struct SiluGateGradient {
  explicit SiluGateGradient(const Settings&) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), gate = call.input(1), up = call.input(2);
    require(gate.size() == up.size() && gate.size() == gradient.size(), "gradient, gate and up must have one shape");
    withFloatType(gate.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *incoming = gradient.data<T>(), *gates = gate.data<T>(), *ups = up.data<T>();
      T *dgate = call.output<T>(0, gate.shape()), *dup = call.output<T>(1, gate.shape());
      parallelRows(gate.size(), 1, [&](int64_t begin, int64_t end) {
        TUNEBENCH_VECTORISED(siluGateGradient, incoming + begin, gates + begin, ups + begin, dgate + begin,
                             dup + begin, end - begin);
      });
    });
  }
};

}  // namespace

void registerActivations() {
  registerOperation<Gelu>({"TunebenchGelu", {floatType, "tanh: bool"}, {"x: T", "bias: float"}, {"y: T"}});
  registerOperation<GeluGradient>({"TunebenchGeluGradient",
                                   {floatType, "tanh: bool", "wantBias: bool"},
                                   {"gradient: T", "x: T", "bias: float"},
                                   {"dx: T", "dbias: float"}});
  registerOperation<SiluGate>({"TunebenchSiluGate", {floatType}, {"gate: T", "up: T"}, {"y: T"}});
  registerOperation<SiluGateGradient>(
      {"TunebenchSiluGateGradient", {floatType}, {"gradient: T", "gate: T", "up: T"}, {"dgate: T", "dup: T"}});
}

}  // namespace tunebench
