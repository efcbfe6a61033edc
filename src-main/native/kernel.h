/**
 * What every kernel family uses: one call of an operation with its inputs and outputs, the settings it was made with,
 * registration, threads, and the choice between instruction sets.
 */
#ifndef TUNEBENCH_KERNEL_H_
#define TUNEBENCH_KERNEL_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "instructionSet.h"
// Leaves out a header of TensorFlow's C++ side that kernels.h would include.
#define IS_SLIM_BUILD
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "threads.h"

namespace tunebench {

/** A bfloat16: the upper half of a float32. */
struct Bfloat16 {
  uint16_t bits;
};

template <class T>
constexpr TF_DataType typeOf() {
  if constexpr (std::is_same_v<T, float>) return TF_FLOAT;
  if constexpr (std::is_same_v<T, Bfloat16>) return TF_BFLOAT16;
  if constexpr (std::is_same_v<T, int32_t>) return TF_INT32;
  if constexpr (std::is_same_v<T, uint8_t>) return TF_UINT8;
}

using Shape = std::vector<int64_t>;

/** Throws what becomes the error of the call. */
[[noreturn]] inline void fail(const std::string& message) { throw std::invalid_argument(message); }

inline void require(bool holds, const char* message) {
  if (!holds) fail(message);
}

/** An input of a call. Its memory belongs to TensorFlow and must not be written to, except by operations that say so. */
class Input {
 public:
  explicit Input(TF_Tensor* tensor) : tensor_(tensor) {}
  Input(Input&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Input(const Input&) = delete;
  ~Input() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }

  TF_DataType type() const { return TF_TensorType(tensor_); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  bool isAbsent() const { return size() == 0; }
  /** Length of an axis; negative axes count from the last. */
  int64_t length(int axis) const { return TF_Dim(tensor_, axis < 0 ? axis + rank() : axis); }
  Shape shape() const {
    Shape lengths(rank());
    for (int axis = 0; axis < rank(); axis++) lengths[axis] = length(axis);
    return lengths;
  }
  /** Product of the axes before the last. */
  int64_t rows() const {
    int64_t product = 1;
    for (int axis = 0; axis + 1 < rank(); axis++) product *= length(axis);
    return product;
  }
  template <class T>
  const T* data() const {
    if (type() != typeOf<T>()) fail("an input has another element type than expected");
    return static_cast<const T*>(TF_TensorData(tensor_));
  }
  /** Data of an optional input: null where an empty tensor was given. */
  template <class T>
  const T* dataOrNull() const {
    return isAbsent() ? nullptr : data<T>();
  }
  template <class T>
  T* mutableData() const {
    return const_cast<T*>(data<T>());
  }
  TF_Tensor* tensor() const { return tensor_; }

 private:
  TF_Tensor* tensor_;
};

/** One call of an operation. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  Call(const Call&) = delete;
  ~Call() { TF_DeleteStatus(status_); }

  int inputs() const { return TF_NumInputs(context_); }

  Input input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    check();
    return Input(tensor);
  }

  template <class T>
  T* output(int index, const Shape& shape) {
    return static_cast<T*>(output(index, typeOf<T>(), shape));
  }

  void* output(int index, TF_DataType type, const Shape& shape) {
    size_t bytes = TF_DataTypeSize(type);
    for (int64_t length : shape) bytes *= length;
    TF_Tensor* tensor =
        TF_AllocateOutput(context_, index, type, shape.data(), static_cast<int>(shape.size()), bytes, status_);
    check();
    void* data = TF_TensorData(tensor);
    TF_DeleteTensor(tensor);
    return data;
  }

  /** Gives an input's own storage as an output. */
  void forward(int index, const Input& input) {
    TF_SetOutput(context_, index, input.tensor(), status_);
    check();
  }

 private:
  void check() {
    if (TF_GetCode(status_) != TF_OK) fail(TF_Message(status_));
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
};

/** Attributes of an operation, read once: TensorFlow keeps a kernel for each combination it has seen. */
class Settings {
 public:
  explicit Settings(TF_OpKernelConstruction* construction)
      : construction_(construction), status_(TF_NewStatus()) {}
  Settings(const Settings&) = delete;
  ~Settings() { TF_DeleteStatus(status_); }

  float number(const char* name) const {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    check();
    return value;
  }
  int64_t integer(const char* name) const {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    check();
    return value;
  }
  bool flag(const char* name) const {
    TF_Bool value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    check();
    return value != 0;
  }
  TF_DataType type(const char* name) const {
    TF_DataType value = TF_FLOAT;
    TF_OpKernelConstruction_GetAttrType(construction_, name, &value, status_);
    check();
    return value;
  }

 private:
  void check() const {
    if (TF_GetCode(status_) != TF_OK) fail(TF_Message(status_));
  }

  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

/** Name, attributes, inputs and outputs in TensorFlow's notation (`x: T`, `T: {float, bfloat16}`). */
struct Definition {
  const char* name;
  std::vector<const char*> attributes;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
};

constexpr const char* floatType = "T: {float, bfloat16}";
constexpr const char* outputType = "U: {float, bfloat16}";

void defineOperation(const Definition& definition);
void defineKernel(const char* name, void* (*create)(TF_OpKernelConstruction*),
                  void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*));
void reportFailure(TF_OpKernelConstruction* construction, const char* message);
void reportFailure(TF_OpKernelContext* context, const char* message);

/** Registers an operation with its CPU kernel: a class made of `Settings` with `compute(Call&) const`. */
template <class Kernel>
void registerOperation(const Definition& definition) {
  defineOperation(definition);
  defineKernel(
      definition.name,
      [](TF_OpKernelConstruction* construction) -> void* {
        try {
          return new Kernel(Settings(construction));
        } catch (const std::exception& error) {
          reportFailure(construction, error.what());
          return nullptr;
        }
      },
      [](void* kernel, TF_OpKernelContext* context) {
        try {
          Call call(context);
          static_cast<const Kernel*>(kernel)->compute(call);
        } catch (const std::exception& error) {
          reportFailure(context, error.what());
        }
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
}

/** Calls `body` with a null pointer to the element type. */
template <class Body>
void withFloatType(TF_DataType type, Body body) {
  if (type == TF_FLOAT) {
    body(static_cast<float*>(nullptr));
  } else if (type == TF_BFLOAT16) {
    body(static_cast<Bfloat16*>(nullptr));
  } else {
    fail("an input is neither float32 nor bfloat16");
  }
}

/** 64-byte aligned memory for intermediate values. Not initialised. */
class Scratch {
 public:
  explicit Scratch(int64_t floats)
      : data_(static_cast<float*>(std::aligned_alloc(64, (floats * 4 + 127) / 64 * 64))) {
    if (!data_) throw std::bad_alloc();
  }
  float* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> data_;
};

/** Elements of one task of an elementwise operation: enough to be worth a thread's attention. */
constexpr int64_t elementsPerTask = 16384;

inline int64_t divideUp(int64_t value, int64_t by) { return (value + by - 1) / by; }

/** Splits rows into tasks of about `elementsPerTask` elements: `body(firstRow, endRow)`. */
template <class Body>
void parallelRows(int64_t rows, int64_t width, Body body) {
  if (rows == 0) return;
  const int64_t perTask = std::max<int64_t>(1, elementsPerTask / std::max<int64_t>(1, width));
  parallelFor(divideUp(rows, perTask), [&](int64_t task) {
    body(task * perTask, std::min(rows, (task + 1) * perTask));
  });
}

/** Rows in a fixed number of blocks, so that sums over rows come out the same whatever the number of threads. */
struct RowBlocks {
  RowBlocks(int64_t rows, int64_t width) : rows(rows) {
    const int64_t wanted = std::min<int64_t>(32, divideUp(rows * width, 4 * elementsPerTask));
    rowsPerBlock = std::max<int64_t>(1, divideUp(rows, std::max<int64_t>(1, wanted)));
    count = divideUp(rows, rowsPerBlock);
  }
  int64_t begin(int64_t block) const { return block * rowsPerBlock; }
  int64_t end(int64_t block) const { return std::min(rows, (block + 1) * rowsPerBlock); }
  int64_t rows;
  int64_t rowsPerBlock;
  int64_t count;
};

/** Adds the `count` partial sums `[count, width]` into the first and copies it to `total`. */
inline void addPartialSums(float* partial, int64_t count, int64_t width, float* total) {
  for (int64_t column = 0; column < width; column++) {
    float sum = 0;
    for (int64_t block = 0; block < count; block++) sum += partial[block * width + column];
    total[column] = sum;
  }
}

}  // namespace tunebench

#endif
