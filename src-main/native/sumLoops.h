// Sums of two tensors.

template <class T>
void addElements(const T* a, const T* b, T* y, int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) {
    store(y + index, load(a + index, extent) + load(b + index, extent), extent);
  });
}
