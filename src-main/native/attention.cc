/** Scaled dot-product attention that never holds all scores, and its gradient. */
#include "attentionShape.h"
#include "families.h"
#include "kernel.h"

#define TUNEBENCH_LOOPS "attentionLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/** Fewer queries than this are not worth packing the keys for. */
constexpr int64_t fewQueries = 4;

/** What the operation was made with; the sizes come with each call. */
struct AttentionSettings {
  explicit AttentionSettings(const Settings& settings)
      : heads(settings.integer("heads")),
        keyValueHeads(settings.integer("keyValueHeads")),
        timeFirst(settings.flag("timeFirst")),
        packed(settings.flag("packed")),
        causal(settings.flag("causal")),
        scale(settings.number("scale")),
        drop(settings) {
    require(heads > 0 && keyValueHeads > 0 && heads % keyValueHeads == 0,
            "heads must be a multiple of the key and value heads");
    require(timeFirst || !packed, "packed queries, keys and values have time before heads");
  }

  /** Sizes of a call. Packed: q is `[batch, time, (heads + 2 · keyValueHeads) · headSize]` and k, v are absent. */
  AttentionShape shapeOf(const Input& q, const Input& k, const Input& v) const {
    AttentionShape shape{};
    require(q.rank() >= 3, "q must have at least three axes");
    shape.batch = q.length(0);
    shape.heads = heads;
    shape.keyValueHeads = keyValueHeads;
    shape.queries = q.length(timeFirst ? 1 : 2);
    int64_t width = 1;
    for (int axis = 2; axis < q.rank(); axis++) width *= q.length(axis);
    if (!timeFirst) width = q.length(3) * q.length(1);
    const int64_t parts = packed ? heads + 2 * keyValueHeads : heads;
    require(width % parts == 0, "the width of q must be a multiple of the heads");
    shape.headSize = width / parts;
    shape.keys = packed ? shape.queries : k.length(timeFirst ? 1 : 2);
    const int64_t keyValues = shape.batch * shape.keys * keyValueHeads * shape.headSize;
    require(packed || (k.size() == keyValues && v.size() == keyValues), "k and v do not fit q");
    shape.scale = scale;
    shape.causal = causal;
    shape.drop = drop;
    return shape;
  }

  int64_t heads, keyValueHeads;
  bool timeFirst, packed, causal;
  float scale;
  Drop drop;
};

/** Views of one tensor with `count` heads, `offset` heads into rows of `width` heads. */
template <class T>
Heads<T> headsOf(const AttentionSettings& settings, T* data, int64_t time, int64_t size, int64_t count,
                 int64_t width, int64_t offset) {
  if (!settings.timeFirst) return {data, count * time * size, time * size, size};
  return {data + offset * size, time * width * size, size, width * size};
}

template <class T>
struct Operands {
  Heads<T> q, k, v;
  Operands(const AttentionSettings& settings, const AttentionShape& shape, T* q, T* k, T* v)
      : q(headsOf(settings, q, shape.queries, shape.headSize, shape.heads, width(settings, shape.heads), 0)),
        k(headsOf(settings, settings.packed ? q : k, shape.keys, shape.headSize, shape.keyValueHeads,
                  width(settings, shape.keyValueHeads), settings.packed ? shape.heads : 0)),
        v(headsOf(settings, settings.packed ? q : v, shape.keys, shape.headSize, shape.keyValueHeads,
                  width(settings, shape.keyValueHeads), settings.packed ? shape.heads + shape.keyValueHeads : 0)) {}

 private:
  static int64_t width(const AttentionSettings& settings, int64_t own) {
    return settings.packed ? settings.heads + 2 * settings.keyValueHeads : own;
  }
};

/** Mask, ranges and random key of a call, read into its shape. */
struct AttentionLimits {
  AttentionLimits(AttentionShape& shape, const Input& mask, const Input& ranges, const Input& key) {
    if (!mask.isAbsent()) readMask(shape, mask);
    if (!ranges.isAbsent()) readRanges(shape, ranges);
    if (shape.drop.threshold > 0) shape.drop = shape.drop.keyedBy(key);
  }

 private:
  void readMask(AttentionShape& shape, const Input& mask) {
    shape.mask = mask.data<float>();
    require(mask.rank() <= 4, "the mask must have at most four axes");
    const int64_t scores[4] = {shape.batch, shape.heads, shape.queries, shape.keys};
    int64_t stride = 1;
    for (int axis = 3; axis >= 0; axis--) {
      const int own = axis - 4 + mask.rank();
      const int64_t length = own < 0 ? 1 : mask.length(own);
      require(length == 1 || length == scores[axis], "the mask must broadcast against the scores");
      shape.maskSteps[axis] = length == 1 ? 0 : stride;
      stride *= length;
    }
    if (shape.maskSteps[1] != 0 || shape.maskSteps[2] != 0 || shape.maskSteps[3] == 0) return;
    // Such keys would get a weight of exactly 0: the padding at the end of each batch row.
    constexpr float hidden = -1e38f;
    for (int64_t batch = 0; batch < shape.batch; batch++) {
      const float* row = shape.mask + batch * shape.maskSteps[0];
      int64_t end = shape.keys;
      while (end > 0 && row[end - 1] < hidden) end--;
      ends_.push_back(end == 0 ? shape.keys : end);
    }
    shape.maskEnds = ends_.data();
  }

  static void readRanges(AttentionShape& shape, const Input& ranges) {
    require(ranges.rank() == 3 && ranges.length(2) == 2, "ranges must be [batch or 1, queries or 1, 2]");
    require(ranges.length(0) == 1 || ranges.length(0) == shape.batch, "ranges must have one row, or one per batch row");
    require(ranges.length(1) == 1 || ranges.length(1) == shape.queries, "ranges must have one entry, or one per query");
    shape.ranges = ranges.data<int32_t>();
    shape.rangeSteps[0] = ranges.length(0) == 1 ? 0 : 2 * ranges.length(1);
    shape.rangeSteps[1] = ranges.length(1) == 1 ? 0 : 2;
  }

  std::vector<int64_t> ends_;
};

/** Memory that a thread keeps between calls: blocks of keys are packed there. */
float* roomOf(int64_t floats) {
  struct Kept {
    std::unique_ptr<Scratch> scratch;
    int64_t floats = 0;
  };
  thread_local Kept kept;
  if (kept.floats < floats) {
    kept.scratch = std::make_unique<Scratch>(floats);
    kept.floats = floats;
  }
  return kept.scratch->data();
}

struct Attention {
  explicit Attention(const Settings& settings) : settings(settings) {}

  void compute(Call& call) const {
    const Input q = call.input(0), k = call.input(1), v = call.input(2), mask = call.input(3), ranges = call.input(4),
                key = call.input(5);
    AttentionShape shape = settings.shapeOf(q, k, v);
    const AttentionLimits limits(shape, mask, ranges, key);
    Shape outputShape = q.shape();
    if (settings.packed) outputShape = {shape.batch, shape.queries, shape.heads * shape.headSize};
    float* logSums = call.output<float>(1, {shape.batch, shape.heads, shape.queries});
    withFloatType(q.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const Operands<const T> operands(settings, shape, q.data<T>(), k.data<T>(), v.data<T>());
      const Heads<T> output = headsOf(settings, call.output<T>(0, outputShape), shape.queries, shape.headSize,
                                      shape.heads, shape.heads, 0);
      if (shape.batch * shape.queries * shape.headSize == 0) return;
      const int64_t room = TUNEBENCH_VECTORISED(attentionRoom, shape);
      if (shape.queries < fewQueries) {
        parallelFor(shape.batch * shape.heads, [&](int64_t task) {
          TUNEBENCH_VECTORISED(attendFew, shape, operands.q, operands.k, operands.v, output, logSums,
                               task / shape.heads, task % shape.heads, roomOf(room));
        });
        return;
      }
      // All query heads of a group together pack its keys once, where that leaves enough tasks.
      const int64_t perTask = shape.batch * shape.keyValueHeads >= 4 * threads() ? shape.headsPerGroup() : 1;
      const int64_t tasksPerRow = shape.heads / perTask;
      parallelFor(shape.batch * tasksPerRow, [&](int64_t task) {
        const int64_t head = task % tasksPerRow * perTask;
        TUNEBENCH_VECTORISED(attendGroup, shape, operands.q, operands.k, operands.v, output, logSums,
                             task / tasksPerRow, head / shape.headsPerGroup(), head, head + perTask, roomOf(room));
      });
    });
  }

  AttentionSettings settings;
};

struct AttentionGradient {
  explicit AttentionGradient(const Settings& settings) : settings(settings) {}

  void compute(Call& call) const {
    const Input gradient = call.input(0), q = call.input(1), k = call.input(2), v = call.input(3),
                logSum = call.input(4), mask = call.input(5), ranges = call.input(6), key = call.input(7);
    AttentionShape shape = settings.shapeOf(q, k, v);
    const AttentionLimits limits(shape, mask, ranges, key);
    require(gradient.size() == shape.batch * shape.heads * shape.queries * shape.headSize,
            "the gradient must have the shape of the output");
    require(logSum.size() == shape.batch * shape.heads * shape.queries, "the saved sums have another shape");
    const float* logSums = logSum.data<float>();
    withFloatType(q.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const Operands<const T> operands(settings, shape, q.data<T>(), k.data<T>(), v.data<T>());
      T* dq = call.output<T>(0, q.shape());
      T* dk = call.output<T>(1, settings.packed ? Shape{0} : k.shape());
      T* dv = call.output<T>(2, settings.packed ? Shape{0} : v.shape());
      const Operands<T> gradients(settings, shape, dq, dk, dv);
      const Heads<const T> incoming = headsOf(settings, gradient.data<T>(), shape.queries, shape.headSize,
                                              shape.heads, shape.heads, 0);
      if (shape.batch * shape.headSize == 0) return;
      const int64_t room = TUNEBENCH_VECTORISED(attentionGradientRoom, shape);
      parallelFor(shape.batch * shape.keyValueHeads, [&](int64_t task) {
        TUNEBENCH_VECTORISED(attendGroupGradient, shape, incoming, operands.q, operands.k, operands.v, logSums,
                             gradients.q, gradients.k, gradients.v, task / shape.keyValueHeads,
                             task % shape.keyValueHeads, roomOf(room));
      });
    });
  }

  AttentionSettings settings;
};

}  // namespace

void registerAttention() {
  const std::vector<const char*> attributes = {
      floatType,      "heads: int",   "keyValueHeads: int", "timeFirst: bool",
      "packed: bool", "causal: bool", "scale: float",       "dropBelow: int",
      "dropScale: float"};
  registerOperation<Attention>({"TunebenchAttention",
                                attributes,
                                {"q: T", "k: T", "v: T", "mask: float", "ranges: int32", "key: int32"},
                                {"output: T", "log_sum: float"}});
  registerOperation<AttentionGradient>({"TunebenchAttentionGradient",
                                        attributes,
                                        {"gradient: T", "q: T", "k: T", "v: T", "log_sum: float", "mask: float",
                                         "ranges: int32", "key: int32"},
                                        {"dq: T", "dk: T", "dv: T"}});
}

}  // namespace tunebench
