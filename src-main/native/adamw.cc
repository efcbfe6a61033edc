/** AdamW over many tensors in place, and the norm of many gradients. */
#include "families.h"
#include "kernel.h"

namespace tunebench {

/** One row of the settings input, in this order. */
struct AdamwSettings {
  float gradientScale;     // factor on the gradient, for clipping
  float weightDecay;       // factor on the weight: 1 − learning rate · decay
  float firstRate;         // 1 − β1
  float secondDecay;       // β2
  float secondRate;        // 1 − β2
  float secondCorrection;  // √(1 − β2^t)
  float epsilon;
  float stepSize;  // learning rate / (1 − β1^t)
};
constexpr int64_t adamwSettingsLength = sizeof(AdamwSettings) / sizeof(float);

}  // namespace tunebench

#define TUNEBENCH_LOOPS "adamwLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

/** A stretch of one of several tensors. */
struct Stretch {
  int64_t tensor;
  int64_t begin;
  int64_t count;
};

std::vector<Stretch> cut(const std::vector<Input>& tensors) {
  std::vector<Stretch> stretches;
  for (size_t tensor = 0; tensor < tensors.size(); tensor++)
    for (int64_t begin = 0; begin < tensors[tensor].size(); begin += elementsPerTask)
      stretches.push_back({static_cast<int64_t>(tensor), begin, std::min(elementsPerTask, tensors[tensor].size() - begin)});
  return stretches;
}

std::vector<Input> inputs(Call& call, int64_t from, int64_t count) {
  std::vector<Input> found;
  found.reserve(count);
  for (int64_t index = 0; index < count; index++) found.push_back(call.input(from + index));
  return found;
}

/** Weights and both moments change in place: the one operation that writes to its inputs and has no output. */
struct Adamw {
  explicit Adamw(const Settings& settings) : tensors(settings.integer("N")) {}

  void compute(Call& call) const {
    const std::vector<Input> weights = inputs(call, 0, tensors), gradients = inputs(call, tensors, tensors),
                             first = inputs(call, 2 * tensors, tensors), second = inputs(call, 3 * tensors, tensors);
    const Input settingsInput = call.input(4 * tensors);
    require(settingsInput.size() == tensors * adamwSettingsLength, "there must be eight settings for each tensor");
    std::vector<AdamwSettings> settings(tensors);
    std::memcpy(settings.data(), settingsInput.data<float>(), tensors * sizeof(AdamwSettings));
    for (int64_t index = 0; index < tensors; index++)
      require(weights[index].size() == gradients[index].size() && weights[index].size() == first[index].size() &&
                  weights[index].size() == second[index].size(),
              "a weight, its gradient and its moments must have one shape");
    const std::vector<Stretch> stretches = cut(weights);
    parallelFor(stretches.size(), [&](int64_t task) {
      const auto [tensor, begin, count] = stretches[task];
      TUNEBENCH_VECTORISED(adamwStep, weights[tensor].mutableData<float>() + begin,
                           gradients[tensor].data<float>() + begin, first[tensor].mutableData<float>() + begin,
                           second[tensor].mutableData<float>() + begin, settings[tensor], count);
    });
  }

  int64_t tensors;
};

struct SquaredNorm {
  explicit SquaredNorm(const Settings& settings) : tensors(settings.integer("N")) {}

  void compute(Call& call) const {
    const std::vector<Input> parts = inputs(call, 0, tensors);
    const std::vector<Stretch> stretches = cut(parts);
    std::vector<double> sums(stretches.size());
    parallelFor(stretches.size(), [&](int64_t task) {
      const auto [tensor, begin, count] = stretches[task];
      sums[task] = TUNEBENCH_VECTORISED(squaredNorm, parts[tensor].data<float>() + begin, count);
    });
    double total = 0;
    for (double sum : sums) total += sum;
    *call.output<float>(0, {}) = static_cast<float>(total);
  }

  int64_t tensors;
};

}  // namespace

void registerAdamw() {
  registerOperation<Adamw>({"TunebenchAdamw",
                            {"N: int >= 1"},
                            {"weights: N * float", "gradients: N * float", "first: N * float", "second: N * float",
                             "settings: float"},
                            {}});
  registerOperation<SquaredNorm>({"TunebenchSquaredNorm", {"N: int >= 1"}, {"x: N * float"}, {"sum: float"}});
}

}  // namespace tunebench
