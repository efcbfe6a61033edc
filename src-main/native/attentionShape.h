/** What both directions of attention share: layout of the tensors, visible keys, sizes of blocks. */
#ifndef TUNEBENCH_ATTENTION_SHAPE_H_
#define TUNEBENCH_ATTENTION_SHAPE_H_

#include "drop.h"
#include "kernel.h"

namespace tunebench {

/** One head's matrix `[time, headSize]` inside a tensor. */
template <class T>
struct HeadView {
  T* data;
  int64_t timeStep;
};

/** Where a tensor has the matrix of (batch, head). */
template <class T>
struct Heads {
  T* data;
  int64_t batchStep, headStep, timeStep;
  HeadView<T> at(int64_t batch, int64_t head) const {
    return {data + batch * batchStep + head * headStep, timeStep};
  }
};

struct AttentionShape {
  int64_t batch, heads, keyValueHeads, queries, keys, headSize;
  float scale;
  bool causal;
  Drop drop;          // of the weights
  const float* mask;  // additive, or null
  int64_t maskSteps[4];
  const int64_t* maskEnds;  // [batch] keys before the trailing ones that the mask hides from every query, or null
  const int32_t* ranges;  // [batch or 1, queries or 1, 2]: first visible key and the one after the last, or null
  int64_t rangeSteps[2];

  int64_t headsPerGroup() const { return heads / keyValueHeads; }
};

/** Keys [begin, end). */
struct KeyRange {
  int64_t begin, end;
};

/** The keys a query sees by its range, by the mask and by causality. */
inline KeyRange visibleKeys(const AttentionShape& shape, int64_t batch, int64_t query) {
  KeyRange range{0, shape.keys};
  if (shape.ranges) {
    const int32_t* own = shape.ranges + batch * shape.rangeSteps[0] + query * shape.rangeSteps[1];
    range = {std::clamp<int64_t>(own[0], 0, shape.keys), std::clamp<int64_t>(own[1], 0, shape.keys)};
  }
  if (shape.maskEnds) range.end = std::min(range.end, shape.maskEnds[batch]);
  if (shape.causal) range.end = std::min(range.end, query + shape.keys - shape.queries + 1);
  range.end = std::max(range.end, range.begin);
  return range;
}

/** Queries worked on together: their scores should stay in the second cache. */
inline int64_t queriesPerBlock(const AttentionShape& shape) {
  const int64_t fitting = 32768 / std::max<int64_t>(1, shape.keys);
  return std::min(shape.queries, std::clamp<int64_t>(fitting / 6 * 6, 6, 48));
}

/**
 * Queries of one block from `begin` on: a block ends where the next query sees none of the keys that those before it see,
 * so that rows packed behind each other are not multiplied with each other.
 */
inline int64_t queriesOfBlock(const AttentionShape& shape, int64_t batch, int64_t begin, int64_t most) {
  const int64_t last = std::min(shape.queries, begin + most);
  if (!shape.ranges || shape.rangeSteps[1] == 0) return last - begin;
  int64_t seen = visibleKeys(shape, batch, begin).end, query = begin + 1;
  for (; query < last; query++) {
    const KeyRange own = visibleKeys(shape, batch, query);
    if (own.begin >= seen && own.begin < own.end) break;
    seen = std::max(seen, own.end);
  }
  return query - begin;
}

}  // namespace tunebench

#endif
