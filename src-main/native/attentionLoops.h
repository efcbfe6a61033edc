// Attention of one head, a block of queries at a time: scores exist for one block only
// (https://arxiv.org/abs/2205.14135; here whole rows fit, so no running maximum is needed).

#include "philox.h"
#include "tile.h"
#include "transpose.h"

/** Copies `[count, size]` times `factor` to rows of `width` floats, the rest 0. */
template <class T>
void copyRows(HeadView<const T> from, int64_t count, int64_t size, float factor, float* to, int64_t width) {
  for (int64_t row = 0; row < count; row++) {
    const T* source = from.data + row * from.timeStep;
    float* target = to + row * width;
    eachVector(size, [&](int64_t index, auto extent) {
      store(target + index, load(source + index, extent) * factor, Whole{});
    });
  }
}

template <class T>
void storeRows(const float* from, int64_t count, int64_t size, int64_t width, float factor, HeadView<T> to) {
  for (int64_t row = 0; row < count; row++)
    eachVector(size, [&](int64_t index, auto extent) {
      store(to.data + row * to.timeStep + index, load(from + row * width + index, extent) * factor, extent);
    });
}

/** One block of queries of one head. */
struct QueryBlock {
  int64_t batch, head, begin, count;
};

/** The dropout factor of each weight of a query, at its key. */
INLINE void dropoutFactors(const AttentionShape& shape, const Philox& philox, const QueryBlock& block, int64_t row,
                           KeyRange range, float* to) {
  const int64_t first =
      ((block.batch * shape.heads + block.head) * shape.queries + block.begin + row) * shape.keys;
  float factors[DROPOUT_GROUP];
  // A group may begin before the row.
  for (int64_t key = range.begin; key < range.end;) {
    const int64_t group = (first + key) / DROPOUT_GROUP, skipped = first + key - group * DROPOUT_GROUP;
    drawFactors(philox, shape.drop, group, factors);
    const int64_t count = std::min<int64_t>(DROPOUT_GROUP - skipped, range.end - key);
    memcpy(to + key, factors + skipped, count * 4);
    key += count;
  }
}

/** Adds the mask to a row of scores. */
INLINE void addMask(const AttentionShape& shape, const QueryBlock& block, int64_t row, KeyRange range, float* scores) {
  if (!shape.mask) return;
  const float* mask = shape.mask + block.batch * shape.maskSteps[0] + block.head * shape.maskSteps[1] +
                      (block.begin + row) * shape.maskSteps[2];
  const bool varies = shape.maskSteps[3] != 0;
  eachVector(range.end - range.begin, [&](int64_t offset, auto extent) {
    const int64_t key = range.begin + offset;
    const Floats added = varies ? load(mask + key, extent) : all(*mask);
    store(scores + key, load(scores + key, extent) + added, extent);
  });
}

/** Keys any query of a block sees. */
INLINE KeyRange keysOfBlock(const AttentionShape& shape, const QueryBlock& block) {
  KeyRange all{shape.keys, 0};
  for (int64_t row = 0; row < block.count; row++) {
    const KeyRange own = visibleKeys(shape, block.batch, block.begin + row);
    if (own.begin == own.end) continue;
    all.begin = std::min(all.begin, own.begin);
    all.end = std::max(all.end, own.end);
  }
  if (all.begin > all.end) all.begin = all.end;
  // Whole vectors from here on.
  all.begin = all.begin / LANES * LANES;
  return all;
}

/**
 * Scores of a block → unnormalised weights e^(s − max), 0 outside each query's keys; their sums and the logarithms of
 * the sums come out too.
 */
inline void exponentiate(const AttentionShape& shape, const QueryBlock& block, KeyRange range, float* scores,
                         int64_t keyWidth, const Philox& philox, float* factors, float* sums, float* logSums) {
  const float lowest = -std::numeric_limits<float>::infinity();
  for (int64_t row = 0; row < block.count; row++) {
    float* own = scores + row * keyWidth;
    const KeyRange visible = visibleKeys(shape, block.batch, block.begin + row);
    const int64_t count = visible.end - visible.begin;
    addMask(shape, block, row, visible, own);
    Floats most = all(lowest);
    eachVector(count, [&](int64_t index, auto extent) {
      most = larger(fillOutside(load(own + visible.begin + index, extent), lowest, extent), most);
    });
    const float largest = largestOf(most);
    Floats sum{};
    eachVector(count, [&](int64_t index, auto extent) {
      const Floats weight = exponential(load(own + visible.begin + index, extent) - largest);
      sum += fillOutside(weight, 0.0f, extent);
      store(own + visible.begin + index, weight, extent);
    });
    sums[row] = sumOf(sum);
    logSums[row] = largest;
    if (shape.drop.threshold > 0) {
      dropoutFactors(shape, philox, block, row, visible, factors);
      for (int64_t key = visible.begin; key < visible.end; key++) own[key] *= factors[key];
    }
    for (int64_t key = range.begin; key < visible.begin; key++) own[key] = 0;
    for (int64_t key = visible.end; key < range.end; key++) own[key] = 0;
  }
  // Apart from the loop above: a call there would spill every vector register. log 0 = −∞ where nothing is seen.
  for (int64_t row = 0; row < block.count; row++) logSums[row] += std::log(sums[row]);
}

/** Room for the forward pass of one head, in floats. */
inline int64_t attentionRoom(const AttentionShape& shape) {
  const int64_t keyWidth = roundUp(shape.keys), sizeWidth = roundUp(shape.headSize);
  const int64_t block = queriesPerBlock(shape);
  return keyWidth * sizeWidth * 2 + shape.headSize * keyWidth + block * (2 * sizeWidth + keyWidth + 1) + keyWidth +
         8 * 16;
}

/** Output `[queries, headSize]` and log Σ e^score `[queries]` of all query heads that share one head of keys. */
template <class T>
void attendGroup(const AttentionShape& shape, const Heads<const T>& q, const Heads<const T>& k,
                 const Heads<const T>& v, const Heads<T>& output, float* logSums, int64_t batch, int64_t keyHead,
                 int64_t firstHead, int64_t endHead, float* room) {
  const int64_t keyWidth = roundUp(shape.keys), sizeWidth = roundUp(shape.headSize), size = shape.headSize;
  const int64_t blockLength = queriesPerBlock(shape);
  const auto take = [&](int64_t floats) {
    float* taken = room;
    room += (floats + 15) / 16 * 16;
    return taken;
  };
  float *keys = take(keyWidth * sizeWidth), *values = take(keyWidth * sizeWidth), *transposed = take(size * keyWidth);
  float *queries = take(blockLength * sizeWidth), *result = take(blockLength * sizeWidth);
  float *scores = take(blockLength * keyWidth), *sums = take(blockLength), *factors = take(keyWidth);
  copyRows(k.at(batch, keyHead), shape.keys, size, 1.0f, keys, sizeWidth);
  copyRows(v.at(batch, keyHead), shape.keys, size, 1.0f, values, sizeWidth);
  transposeRows(keys, shape.keys, sizeWidth, size, transposed, keyWidth);
  const Philox philox = shape.drop.threshold > 0 ? Philox::of(shape.drop) : Philox{};
  for (int64_t head = firstHead; head < endHead; head++) {
    const HeadView<const T> from = q.at(batch, head);
    const HeadView<T> to = output.at(batch, head);
    for (int64_t begin = 0, count = 0; begin < shape.queries; begin += count) {
      count = queriesOfBlock(shape, batch, begin, blockLength);
      const QueryBlock block{batch, head, begin, count};
      const KeyRange range = keysOfBlock(shape, block);
      const int64_t keyCount = range.end - range.begin;
      copyRows(HeadView<const T>{from.data + begin * from.timeStep, from.timeStep}, block.count, size, shape.scale,
               queries, sizeWidth);
      multiply<false>({queries, sizeWidth, 1}, transposed + range.begin, keyWidth, scores + range.begin, keyWidth,
                      block.count, keyCount, size);
      exponentiate(shape, block, range, scores, keyWidth, philox, factors, sums,
                   logSums + (batch * shape.heads + head) * shape.queries + begin);
      multiply<false>({scores + range.begin, keyWidth, 1}, values + range.begin * sizeWidth, sizeWidth, result,
                      sizeWidth, block.count, size, keyCount);
      for (int64_t row = 0; row < block.count; row++) {
        // A query that sees no key gets zeros.
        storeRows(result + row * sizeWidth, 1, size, sizeWidth, sums[row] == 0 ? 0.0f : 1.0f / sums[row],
                  HeadView<T>{to.data + (begin + row) * to.timeStep, to.timeStep});
      }
    }
  }
}

/** Like attendGroup for one head and very few queries (generation): keys are read once, where they lie. */
template <class T>
void attendFew(const AttentionShape& shape, const Heads<const T>& q, const Heads<const T>& k, const Heads<const T>& v,
               const Heads<T>& output, float* logSums, int64_t batch, int64_t head, float* room) {
  const int64_t sizeWidth = roundUp(shape.headSize), size = shape.headSize, keyWidth = roundUp(shape.keys);
  float *query = room, *result = room + sizeWidth, *scores = result + sizeWidth, *factors = scores + keyWidth;
  const int64_t keyHead = head / shape.headsPerGroup();
  const HeadView<const T> keys = k.at(batch, keyHead), values = v.at(batch, keyHead), from = q.at(batch, head);
  const HeadView<T> to = output.at(batch, head);
  const Philox philox = shape.drop.threshold > 0 ? Philox::of(shape.drop) : Philox{};
  for (int64_t row = 0; row < shape.queries; row++) {
    const QueryBlock block{batch, head, row, 1};
    const KeyRange visible = visibleKeys(shape, batch, row);
    copyRows(HeadView<const T>{from.data + row * from.timeStep, 0}, 1, size, shape.scale, query, sizeWidth);
    for (int64_t key = visible.begin; key < visible.end; key++) {
      Floats sum{};
      eachVector(size, [&](int64_t index, auto extent) {
        sum += load(query + index, Whole{}) * load(keys.data + key * keys.timeStep + index, extent);
      });
      scores[key] = sumOf(sum);
    }
    float sum;
    exponentiate(shape, block, visible, scores, keyWidth, philox, factors, &sum,
                 logSums + (batch * shape.heads + head) * shape.queries + row);
    std::fill_n(result, sizeWidth, 0.0f);
    for (int64_t key = visible.begin; key < visible.end; key++) {
      const float weight = scores[key];
      eachVector(size, [&](int64_t index, auto extent) {
        const Floats value = load(values.data + key * values.timeStep + index, extent);
        store(result + index, load(result + index, Whole{}) + value * weight, Whole{});
      });
    }
    storeRows(result, 1, size, sizeWidth, sum == 0 ? 0.0f : 1.0f / sum, HeadView<T>{to.data + row * to.timeStep, 0});
  }
}

/** Room for the gradient of one head of keys, in floats. */
inline int64_t attentionGradientRoom(const AttentionShape& shape) {
  const int64_t keyWidth = roundUp(shape.keys), sizeWidth = roundUp(shape.headSize);
  const int64_t block = queriesPerBlock(shape);
  return keyWidth * sizeWidth * 4 + 2 * shape.headSize * keyWidth + block * (3 * sizeWidth + 2 * keyWidth) +
         keyWidth + 10 * 16;
}

/**
 * Scores and the gradient of the weights → the weights as used (after dropout) and the gradient of the scores:
 * dS = P ∘ (dP − Σ P ∘ dP), P = e^(score − logSum) computed again.
 */
inline void scoreGradient(const AttentionShape& shape, const QueryBlock& block, KeyRange range, float* weights,
                          float* slopes, int64_t keyWidth, const Philox& philox, float* factors,
                          const float* logSums) {
  for (int64_t row = 0; row < block.count; row++) {
    float *p = weights + row * keyWidth, *dp = slopes + row * keyWidth;
    const KeyRange visible = visibleKeys(shape, block.batch, block.begin + row);
    const int64_t count = visible.end - visible.begin;
    addMask(shape, block, row, visible, p);
    const bool drops = shape.drop.threshold > 0;
    if (drops) dropoutFactors(shape, philox, block, row, visible, factors);
    Floats sum{};
    eachVector(count, [&](int64_t index, auto extent) {
      const int64_t key = visible.begin + index;
      const Floats weight = exponential(load(p + key, extent) - logSums[row]);
      Floats slope = load(dp + key, extent);
      if (drops) slope *= load(factors + key, extent);
      sum += fillOutside(weight * slope, 0.0f, extent);
      store(p + key, weight, extent);
      store(dp + key, slope, extent);
    });
    const float mean = sumOf(sum);
    eachVector(count, [&](int64_t index, auto extent) {
      const int64_t key = visible.begin + index;
      const Floats weight = load(p + key, extent);
      store(dp + key, weight * (load(dp + key, extent) - mean), extent);
      if (drops) store(p + key, weight * load(factors + key, extent), extent);
    });
    for (int64_t key = range.begin; key < visible.begin; key++) p[key] = dp[key] = 0;
    for (int64_t key = visible.end; key < range.end; key++) p[key] = dp[key] = 0;
  }
}

/** Gradients of one head of keys and values and of all query heads that share it. */
template <class T>
void attendGroupGradient(const AttentionShape& shape, const Heads<const T>& gradient, const Heads<const T>& q,
                         const Heads<const T>& k, const Heads<const T>& v, const float* logSums, const Heads<T>& dq,
                         const Heads<T>& dk, const Heads<T>& dv, int64_t batch, int64_t keyHead, float* room) {
  const int64_t keyWidth = roundUp(shape.keys), sizeWidth = roundUp(shape.headSize), size = shape.headSize;
  const int64_t blockLength = queriesPerBlock(shape);
  const auto take = [&](int64_t floats) {
    float* taken = room;
    room += (floats + 15) / 16 * 16;
    return taken;
  };
  float *keys = take(keyWidth * sizeWidth), *values = take(keyWidth * sizeWidth);
  float *keySums = take(keyWidth * sizeWidth), *valueSums = take(keyWidth * sizeWidth);
  float *transposedKeys = take(size * keyWidth), *transposedValues = take(size * keyWidth);
  float *queries = take(blockLength * sizeWidth), *incoming = take(blockLength * sizeWidth);
  float *result = take(blockLength * sizeWidth), *weights = take(blockLength * keyWidth);
  float *slopes = take(blockLength * keyWidth), *factors = take(keyWidth);
  copyRows(k.at(batch, keyHead), shape.keys, size, 1.0f, keys, sizeWidth);
  copyRows(v.at(batch, keyHead), shape.keys, size, 1.0f, values, sizeWidth);
  transposeRows(keys, shape.keys, sizeWidth, size, transposedKeys, keyWidth);
  transposeRows(values, shape.keys, sizeWidth, size, transposedValues, keyWidth);
  std::fill_n(keySums, shape.keys * sizeWidth, 0.0f);
  std::fill_n(valueSums, shape.keys * sizeWidth, 0.0f);
  const Philox philox = shape.drop.threshold > 0 ? Philox::of(shape.drop) : Philox{};
  const int64_t firstHead = keyHead * shape.headsPerGroup();
  for (int64_t head = firstHead; head < firstHead + shape.headsPerGroup(); head++) {
    const HeadView<const T> fromQ = q.at(batch, head), fromGradient = gradient.at(batch, head);
    const HeadView<T> to = dq.at(batch, head);
    for (int64_t begin = 0, count = 0; begin < shape.queries; begin += count) {
      count = queriesOfBlock(shape, batch, begin, blockLength);
      const QueryBlock block{batch, head, begin, count};
      const KeyRange range = keysOfBlock(shape, block);
      const int64_t keyCount = range.end - range.begin;
      copyRows(HeadView<const T>{fromQ.data + begin * fromQ.timeStep, fromQ.timeStep}, block.count, size, shape.scale,
               queries, sizeWidth);
      copyRows(HeadView<const T>{fromGradient.data + begin * fromGradient.timeStep, fromGradient.timeStep},
               block.count, size, 1.0f, incoming, sizeWidth);
      multiply<false>({queries, sizeWidth, 1}, transposedKeys + range.begin, keyWidth, weights + range.begin, keyWidth,
                      block.count, keyCount, size);
      multiply<false>({incoming, sizeWidth, 1}, transposedValues + range.begin, keyWidth, slopes + range.begin,
                      keyWidth, block.count, keyCount, size);
      scoreGradient(shape, block, range, weights, slopes, keyWidth, philox, factors,
                    logSums + (batch * shape.heads + head) * shape.queries + begin);
      const int64_t at = range.begin * sizeWidth;
      multiply<true>({weights + range.begin, 1, keyWidth}, incoming, sizeWidth, valueSums + at, sizeWidth, keyCount, size,
                     block.count);
      multiply<true>({slopes + range.begin, 1, keyWidth}, queries, sizeWidth, keySums + at, sizeWidth, keyCount, size,
                     block.count);
      multiply<false>({slopes + range.begin, keyWidth, 1}, keys + at, sizeWidth, result, sizeWidth, block.count, size,
                      keyCount);
      storeRows(result, block.count, size, sizeWidth, shape.scale,
                HeadView<T>{to.data + begin * to.timeStep, to.timeStep});
    }
  }
  storeRows(keySums, shape.keys, size, sizeWidth, 1.0f, dk.at(batch, keyHead));
  storeRows(valueSums, shape.keys, size, sizeWidth, 1.0f, dv.at(batch, keyHead));
}
