/** Rows written into a table in place: the cache of generation. */
#include "families.h"
#include "kernel.h"

namespace tunebench {

namespace {

/** The table changes in place; there is no output. Rows at negative places are dropped. */
struct WriteRows {
  explicit WriteRows(const Settings&) {}

  void compute(Call& call) const {
    const Input table = call.input(0), rows = call.input(1), places = call.input(2);
    require(table.rank() > 0 && rows.rank() > 0, "a table and its rows must have an axis");
    const int64_t width = table.length(-1), count = places.size(), tableRows = table.rows();
    require(rows.length(-1) == width && rows.rows() == count, "there must be one place for each row of the table's width");
    require(table.type() == rows.type(), "rows must have the table's type");
    const int32_t* targets = places.data<int32_t>();
    for (int64_t row = 0; row < count; row++) require(targets[row] < tableRows, "a place must lie in the table");
    withFloatType(table.type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      T* to = table.mutableData<T>();
      const T* from = rows.data<T>();
      parallelRows(count, width, [&](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; row++)
          if (targets[row] >= 0) std::memcpy(to + targets[row] * width, from + row * width, width * sizeof(T));
      });
    });
  }
};

}  // namespace

void registerRows() {
  registerOperation<WriteRows>({"TunebenchWriteRows", {floatType}, {"table: T", "rows: T", "places: int32"}, {}});
}

}  // namespace tunebench
