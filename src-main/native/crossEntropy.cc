/** Weighted mean cross-entropy over rows of logits, and its gradient, in place where asked. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "crossEntropyLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

float valueOf(float x) { return x; }
float valueOf(Bfloat16 x) {
  const uint32_t bits = static_cast<uint32_t>(x.bits) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}
void assign(float* to, float value) { *to = value; }
void assign(Bfloat16* to, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  to->bits = static_cast<uint16_t>(value != value ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/** The shares of the rows in the mean: weightᵢ / Σ weight, or 1 / rows. */
struct RowShares {
  RowShares(const Input& weights, int64_t rows) : weights(weights.dataOrNull<float>()), total(rows) {
    if (!this->weights) return;
    require(weights.size() == rows, "there must be one weight for each row");
    total = 0;
    for (int64_t row = 0; row < rows; row++) total += this->weights[row];
  }
  double share(int64_t row) const { return (weights ? weights[row] : 1.0) / total; }
  const float* weights;
  double total;
};

void checkLabels(const int32_t* labels, int64_t rows, int64_t classes) {
  for (int64_t row = 0; row < rows; row++)
    if (labels[row] < 0 || labels[row] >= classes)
      fail("label " + std::to_string(labels[row]) + " of row " + std::to_string(row) + " is outside " +
           std::to_string(classes) + " classes");
}

struct CrossEntropy {
  explicit CrossEntropy(const Settings&) {}

  void compute(Call& call) const {
    const Input logits = call.input(0), labelInput = call.input(1), weights = call.input(2);
    require(logits.rank() == 2, "logits must be [rows, classes]");
    const int64_t rows = logits.length(0), classes = logits.length(1);
    require(labelInput.size() == rows, "there must be one label for each row");
    const int32_t* labels = labelInput.data<int32_t>();
    checkLabels(labels, rows, classes);
    const RowShares shares(weights, rows);
    float* loss = call.output<float>(0, {});
    float* logSums = call.output<float>(1, {rows});
    withFloatType(logits.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = logits.data<T>();
      parallelRows(rows, classes, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++)
          logSums[row] = TUNEBENCH_VECTORISED(logSumExp, from + row * classes, classes);
      });
      double sum = rows == 0 ? std::numeric_limits<double>::quiet_NaN() : 0;
      for (int64_t row = 0; row < rows; row++)
        sum += shares.share(row) * (logSums[row] - valueOf(from[row * classes + labels[row]]));
      *loss = static_cast<float>(sum);
    });
  }
};

struct CrossEntropyGradient {
  explicit CrossEntropyGradient(const Settings& settings) : inPlace(settings.flag("inPlace")) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), logits = call.input(1), labelInput = call.input(2), weights = call.input(3),
                logSum = call.input(4);
    require(logits.rank() == 2, "logits must be [rows, classes]");
    const int64_t rows = logits.length(0), classes = logits.length(1);
    require(labelInput.size() == rows && logSum.size() == rows, "there must be one label and sum for each row");
    require(gradient.size() == 1, "the gradient must be a scalar");
    const int32_t* labels = labelInput.data<int32_t>();
    checkLabels(labels, rows, classes);
    const RowShares shares(weights, rows);
    const double factor = *gradient.data<float>();
    const float* logSums = logSum.data<float>();
    withFloatType(logits.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = logits.data<T>();
      T* to = inPlace ? logits.mutableData<T>() : call.output<T>(0, logits.shape());
      parallelRows(rows, classes, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) {
          const float share = static_cast<float>(factor * shares.share(row));
          const int64_t label = row * classes + labels[row];
          const float atLabel = std::exp(valueOf(from[label]) - logSums[row]);
          TUNEBENCH_VECTORISED(scaledSoftmax, from + row * classes, logSums[row], share, to + row * classes, classes);
          assign(to + label, share * (atLabel - 1.0f));
        }
      });
      if (inPlace) call.forward(0, logits);
    });
  }

  bool inPlace;
};

}  // namespace

void registerCrossEntropy() {
  registerOperation<CrossEntropy>({"TunebenchCrossEntropy",
                                   {floatType},
                                   {"logits: T", "labels: int32", "weights: float"},
                                   {"loss: float", "log_sum: float"}});
  registerOperation<CrossEntropyGradient>(
      {"TunebenchCrossEntropyGradient",
       {floatType, "inPlace: bool"},
       {"gradient: float", "logits: T", "labels: int32", "weights: float", "log_sum: float"},
       {"dlogits: T"}});
}

}  // namespace tunebench
