/**
 * Products of matrices in float32, shared out among the threads that the other kernels run on: TensorFlow's own would have
 * to wake up for each.
 */
#include "families.h"
#include "kernel.h"

namespace tunebench {

/** Columns of y worked on at a time. */
constexpr int64_t PRODUCT_COLUMNS = 64;
/** Steps of a sum worked on at a time: their part of b stays in the second cache. */
constexpr int64_t PRODUCT_DEPTH = 768;
/** Length up to which rows of b are read where they are. */
constexpr int64_t PRODUCT_NEAR_ROWS = 512;

/** y `[rows, columns]` = op(a) · op(b) (+ bias `[columns]`) (+ added, of y's shape), with sums of `depth` products. */
struct ProductShape {
  const float *a, *b, *bias, *added;
  float* y;
  int64_t rows, depth, columns;
  bool transposeA, transposeB;
};

}  // namespace tunebench

#define TUNEBENCH_LOOPS "productLoops.h"
#include "everyInstructionSet.h"

namespace tunebench {

namespace {

struct Product {
  explicit Product(const Settings& settings)
      : transposeA(settings.flag("transposeA")), transposeB(settings.flag("transposeB")) {}

  void compute(Call& call) const {
    const Input a = call.input(0), b = call.input(1), bias = call.input(2), added = call.input(3);
    require(a.rank() >= 2 && b.rank() >= 2, "both must be matrices");
    require(!transposeB || b.rank() == 2, "what is transposed must have no leading axes");
    const int64_t rows = transposeA ? a.length(-1) : a.rows(), depth = transposeA ? a.rows() : a.length(-1),
                  columns = transposeB ? b.length(0) : b.length(-1);
    require((transposeB ? b.length(1) : b.rows()) == depth,
            "the rows of one must be as long as the columns of the other");
    Shape result = transposeA ? Shape{rows, 0} : a.shape();
    result.back() = columns;
    require(bias.isAbsent() || bias.size() == columns, "the bias must have one number for each column");
    require(added.isAbsent() || added.size() == rows * columns, "what is added must have the shape of the product");
    const ProductShape shape{a.data<float>(),
                             b.data<float>(),
                             bias.dataOrNull<float>(),
                             added.dataOrNull<float>(),
                             call.output<float>(0, result),
                             rows,
                             depth,
                             columns,
                             transposeA,
                             transposeB};
    const int64_t panels = divideUp(columns, PRODUCT_COLUMNS);
    if (panels == 0 || rows == 0) return;
    // How the work is shared out changes no result.
    const int64_t parts = divideUp(2 * threads(), panels), rowsPerTask = divideUp(divideUp(rows, parts), 12) * 12;
    const int64_t partsUsed = divideUp(rows, rowsPerTask);
    parallelFor(panels * partsUsed, [&](int64_t task) {
      const int64_t column = task / partsUsed * PRODUCT_COLUMNS, begin = task % partsUsed * rowsPerTask;
      const int64_t end = std::min(rows, begin + rowsPerTask);
      const bool isWhole = std::min(PRODUCT_COLUMNS, columns - column) % 16 == 0;
      const Scratch panel(std::min(depth, PRODUCT_DEPTH) * PRODUCT_COLUMNS), sums(isWhole ? 0 : (end - begin) * PRODUCT_COLUMNS);
      TUNEBENCH_VECTORISED(multiplyPanel, shape, column, begin, end, panel.data(), sums.data());
    });
  }

  bool transposeA, transposeB;
};

}  // namespace

void registerProduct() {
  registerOperation<Product>({"TunebenchProduct",
                              {"transposeA: bool", "transposeB: bool"},
                              {"a: float", "b: float", "bias: float", "added: float"},
                              {"y: float"}});
}

}  // namespace tunebench
