#ifndef TUNEBENCH_DROP_H_
#define TUNEBENCH_DROP_H_

#include "kernel.h"

namespace tunebench {

/** A dropout: which draws decide, and how. */
struct Drop {
  Drop() = default;
  explicit Drop(const Settings& settings)
      : threshold(static_cast<int32_t>(settings.integer("dropBelow"))), scale(settings.number("dropScale")) {}

  /** Reads the key: low and high word of the seed, then of the stream. */
  Drop keyedBy(const Input& key) const {
    require(key.size() == 4, "a random key has four words");
    Drop drop = *this;
    std::memcpy(drop.words, key.data<int32_t>(), sizeof(drop.words));
    return drop;
  }

  /** Elements whose 16 random bits are below it are dropped; 0 drops none. */
  int32_t threshold = 0;
  /** Factor on the others. */
  float scale = 1;
  uint32_t words[4] = {0, 0, 0, 0};
};

}  // namespace tunebench

#endif
