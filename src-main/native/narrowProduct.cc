/**
 * Products of few rows: generation computes one row a text. A general product arranges the matrix anew before it
 * begins, which costs more than the product itself when there is so little to multiply.
 */
#include "narrowProduct.h"

#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "narrowProductLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

void multiplyFewRows(const float* x, int64_t rows, const float* weight, int64_t depth, int64_t outputs,
                     const float* bias, float* y, int64_t count) {
  TUNEBENCH_VECTORISED(multiplyOutputsFirst, x, rows, weight, depth, outputs, bias, y, count);
}

namespace {

/** y `[..., outputs]` = x `[..., depth]` · weight (+ bias), in float32. */
struct NarrowProduct {
  explicit NarrowProduct(const Settings& settings) : outputsFirst(settings.flag("outputsFirst")) {}

  void compute(Call& call) const {
    const Input x = call.input(0), weight = call.input(1), bias = call.input(2);
    require(x.rank() >= 1 && weight.rank() == 2, "rows and a matrix are needed");
    const int64_t rows = x.rows(), depth = x.length(-1), outputs = weight.length(outputsFirst ? 0 : 1);
    require(rows <= NARROW_MOST_ROWS, "there are too many rows");
    require(weight.length(outputsFirst ? 1 : 0) == depth, "the rows must be as long as the weight is deep");
    require(bias.isAbsent() || bias.size() == outputs, "the bias must have one number for each output");
    Shape shape = x.shape();
    shape.back() = outputs;
    float* y = call.output<float>(0, shape);
    const float *from = x.data<float>(), *added = bias.dataOrNull<float>();
    withFloatType(weight.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* matrix = weight.data<T>();
      const int64_t perTask = outputsPerTask(rows, depth, outputs);
      parallelFor(rows == 0 ? 0 : divideUp(outputs, perTask), [&](int64_t task) {
        const int64_t begin = task * perTask, end = std::min(outputs, begin + perTask);
        if (outputsFirst) {
          TUNEBENCH_VECTORISED(multiplyOutputsFirst, from, rows, matrix + begin * depth, depth, outputs,
                               added ? added + begin : nullptr, y + begin, end - begin);
        } else {
          TUNEBENCH_VECTORISED(multiplyInputsFirst, from, rows, matrix, depth, outputs, added, y, begin, end - begin);
        }
      });
    });
  }

 private:
  /** Long stretches of memory, and still some tasks for every thread. How outputs are shared out changes no result. */
  int64_t outputsPerTask(int64_t rows, int64_t depth, int64_t outputs) const {
    const int64_t vector = 16;
    if (outputsFirst)
      return std::max<int64_t>(vector, 4 * elementsPerTask / std::max<int64_t>(1, depth) / vector * vector);
    const int64_t most = NARROW_SUMS / std::max<int64_t>(1, rows) / vector * vector;
    return std::min(most, divideUp(divideUp(outputs, 2 * threads()), vector) * vector);
  }

  bool outputsFirst;
};

}  // namespace

void registerNarrowProduct() {
  registerOperation<NarrowProduct>({"TunebenchNarrowProduct",
                                    {floatType, "outputsFirst: bool"},
                                    {"x: float", "weight: T", "bias: float"},
                                    {"y: float"}});
}

}  // namespace tunebench
