/** Masked softmax over attention scores and its gradient. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "softmaxLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/** Where a mask that broadcasts against `[batch, heads, queries, keys]` has the row of (batch, head, query). */
struct MaskRows {
  MaskRows(const Input& mask, const Shape& scores) {
    if (mask.isAbsent()) return;
    data = mask.data<float>();
    int64_t stride = 1;
    for (int axis = 3; axis >= 0; axis--) {
      const int own = axis - 4 + mask.rank();
      const int64_t length = own < 0 ? 1 : mask.length(own);
      require(length == 1 || length == scores[axis], "the mask must broadcast against the scores");
      steps[axis] = length == 1 ? 0 : stride;
      stride *= length;
    }
  }
  const float* row(int64_t batch, int64_t head, int64_t query) const {
    return data ? data + batch * steps[0] + head * steps[1] + query * steps[2] : nullptr;
  }
  const float* data = nullptr;
  int64_t steps[4] = {0, 0, 0, 0};
};

struct MaskedSoftmax {
  explicit MaskedSoftmax(const Settings& settings)
      : scale(settings.number("scale")), causal(settings.flag("causal")) {}

  void compute(Call& call) const {
    const Input scores = call.input(0), mask = call.input(1);
    require(scores.rank() == 4, "scores must be [batch, heads, queries, keys]");
    const Shape shape = scores.shape();
    const int64_t heads = shape[1], queries = shape[2], keys = shape[3];
    require(mask.rank() <= 4, "the mask must have at most four axes");
    const MaskRows masks(mask, shape);
    withFloatType(scores.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = scores.data<T>();
      T* to = call.output<T>(0, shape);
      parallelRows(keys == 0 ? 0 : scores.rows(), keys, [&](int64_t begin, int64_t end) {
        const Scratch row(keys);
        for (int64_t index = begin; index < end; index++) {
          const int64_t query = index % queries;
          const int64_t visible = causal ? std::clamp<int64_t>(query + keys - queries + 1, 0, keys) : keys;
          const float* added = masks.row(index / (heads * queries), index / queries % heads, query);
          TUNEBENCH_VECTORISED(softmaxRow, from + index * keys, added, masks.steps[3], to + index * keys, row.data(),
                               scale, visible, keys);
        }
      });
    });
  }

  float scale;
  bool causal;
};

struct MaskedSoftmaxGradient {
  explicit MaskedSoftmaxGradient(const Settings& settings) : scale(settings.number("scale")) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), p = call.input(1);
    require(gradient.size() == p.size(), "the gradient must have the shape of the probabilities");
    const int64_t width = p.rank() == 0 ? 1 : p.length(-1);
    withFloatType(p.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *incoming = gradient.data<T>(), *shares = p.data<T>();
      T* to = call.output<T>(0, p.shape());
      parallelRows(width == 0 ? 0 : p.rows(), width, [&](int64_t begin, int64_t end) {
        for (int64_t at = begin * width; at < end * width; at += width)
          TUNEBENCH_VECTORISED(softmaxGradientRow, incoming + at, shares + at, to + at, scale, width);
      });
    });
  }

  float scale;
};

}  // namespace

void registerSoftmax() {
  registerOperation<MaskedSoftmax>({"TunebenchMaskedSoftmax",
                                    {floatType, "scale: float", "causal: bool"},
                                    {"scores: T", "mask: float"},
                                    {"p: T"}});
  registerOperation<MaskedSoftmaxGradient>(
      {"TunebenchMaskedSoftmaxGradient", {floatType, "scale: float"}, {"gradient: T", "p: T"}, {"dscores: T"}});
}

}  // namespace tunebench
