// Dropout (https://jmlr.org/papers/v15/srivastava14a.html).

#include "philox.h"

/** y = x · (0 or scale) for elements [begin, begin + count) of a tensor; begin is a multiple of DROPOUT_GROUP. */
template <class T>
void dropElements(const T* x, T* y, int64_t begin, int64_t count, const Drop& drop) {
  const Philox philox = Philox::of(drop);
  float factors[DROPOUT_GROUP];
  for (int64_t index = 0; index < count; index += DROPOUT_GROUP) {
    drawFactors(philox, drop, (begin + index) / DROPOUT_GROUP, factors);
    eachVector(std::min<int64_t>(DROPOUT_GROUP, count - index), [&](int64_t lane, auto extent) {
      store(y + index + lane, load(x + index + lane, extent) * load(factors + lane, Whole{}), extent);
    });
  }
}
