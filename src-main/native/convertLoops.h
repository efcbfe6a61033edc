// Conversions between float32 and bfloat16.

template <class T, class U>
void convert(const T* x, U* y, int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) { store(y + index, load(x + index, extent), extent); });
}
