/** Dropout whose mask is a pure function of seed, stream and place; its gradient is the same operation. */
#include "families.h"
#include "kernel.h"
#include "drop.h"

#define TUNEBENCH_LOOPS "dropoutLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

struct Dropout {
  explicit Dropout(const Settings& settings) : settings(settings) {}

  void compute(Call& call) const {
    const Input x = call.input(0), keyInput = call.input(1);
    const Drop drop = settings.keyedBy(keyInput);
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = x.data<T>();
      T* to = call.output<T>(0, x.shape());
      parallelRows(x.size(), 1, [&](int64_t begin, int64_t end) {
        TUNEBENCH_VECTORISED(dropElements, from + begin, to + begin, begin, end - begin, drop);
      });
    });
  }

  Drop settings;
};

}  // namespace

void registerDropout() {
  registerOperation<Dropout>(
      {"TunebenchDropout", {floatType, "dropBelow: int", "dropScale: float"}, {"x: T", "key: int32"}, {"y: T"}});
}

}  // namespace tunebench
