/** Rotary position embedding and its gradient, which is the rotation back. */
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "ropeLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/** x `[batch, heads, time, size]`, or `[batch, time, heads, size]` where `timeFirst`; tables `[batch or 1, 1, time, ≤ size]`. */
struct Rope {
  explicit Rope(const Settings& settings)
      : backwards(settings.flag("backwards")), timeFirst(settings.flag("timeFirst")) {}

  void compute(Call& call) const {
    const Input x = call.input(0), cosines = call.input(1), sines = call.input(2);
    require(x.rank() == 4 && cosines.rank() == 4 && sines.rank() == 4, "x and the tables must have four axes");
    const int64_t time = x.length(timeFirst ? 1 : 2), heads = x.length(timeFirst ? 2 : 1), size = x.length(3);
    const int64_t turned = cosines.length(3), tables = cosines.length(0);
    require(turned <= size && turned % 2 == 0, "the tables must be of even width, no wider than a head");
    require(cosines.length(1) == 1 && cosines.length(2) == time, "the tables must have the time steps of x");
    require(tables == 1 || tables == x.length(0), "the tables must have one row, or one for each batch row");
    require(sines.shape() == cosines.shape(), "cos and sin must have one shape");
    withFloatType(x.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T* from = x.data<T>();
      const float *cos = cosines.data<float>(), *sin = sines.data<float>();
      T* to = call.output<T>(0, x.shape());
      parallelRows(x.rows(), size, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) {
          const int64_t step = timeFirst ? row / heads % time : row % time;
          const int64_t at = ((tables == 1 ? 0 : row / (heads * time)) * time + step) * turned;
          TUNEBENCH_VECTORISED(turn, from + row * size, cos + at, sin + at, to + row * size, turned / 2, size,
                               backwards);
        }
      });
    });
  }

  bool backwards;
  bool timeFirst;
};

}  // namespace

void registerRope() {
  registerOperation<Rope>({"TunebenchRope",
                           {floatType, "backwards: bool", "timeFirst: bool"},
                           {"x: T", "cos: float", "sin: float"},
                           {"y: T"}});
}

}  // namespace tunebench
