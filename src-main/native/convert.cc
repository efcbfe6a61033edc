/** Conversions between float32 and bfloat16, rounding to nearest, ties to even. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "convertLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

struct Convert {
  explicit Convert(const Settings& settings) : outputType(settings.type("U")) {}

  void compute(Call& call) const {
    const Input x = call.input(0);
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = x.data<T>();
      withFloatType(outputType, [&](auto* secondType) {
        using U = std::remove_pointer_t<decltype(secondType)>;
        U* to = call.output<U>(0, x.shape());
        parallelRows(x.size(), 1, [&](int64_t begin, int64_t end) {
          TUNEBENCH_VECTORISED(convert, from + begin, to + begin, end - begin);
        });
      });
    });
  }

  TF_DataType outputType;
};

}  // namespace

void registerConvert() {
  registerOperation<Convert>({"TunebenchConvert", {floatType, outputType}, {"x: T"}, {"y: U"}});
}

}  // namespace tunebench
