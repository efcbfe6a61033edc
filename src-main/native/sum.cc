/** Sums of two tensors, and of rows and a bias. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "sumLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/** b has the shape of a, or is as wide as its last axis. */
struct Add {
  explicit Add(const Settings&) {}

  void compute(Call& call) const {
    const Input a = call.input(0), b = call.input(1);
    require(a.type() == b.type(), "both must have one type");
    const bool isWhole = a.size() == b.size();
    const int64_t width = isWhole || a.rank() == 0 ? 1 : a.length(-1);
    require(isWhole || b.size() == width, "the second must have the shape of the first, or its last axis");
    withFloatType(a.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *left = a.data<T>(), *right = b.data<T>();
      T* to = call.output<T>(0, a.shape());
      parallelRows(a.size() / std::max<int64_t>(1, width), width, [&](int64_t begin, int64_t end) {
        if (isWhole) {
          TUNEBENCH_VECTORISED(addElements, left + begin, right + begin, to + begin, end - begin);
          return;
        }
        for (int64_t row = begin; row < end; row++)
          TUNEBENCH_VECTORISED(addElements, left + row * width, right, to + row * width, width);
      });
    });
  }
};

}  // namespace

void registerSums() { registerOperation<Add>({"TunebenchAdd", {floatType}, {"a: T", "b: T"}, {"y: T"}}); }

}  // namespace tunebench
