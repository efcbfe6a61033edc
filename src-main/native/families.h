/** Each kernel family registers its operations. */
#ifndef TUNEBENCH_FAMILIES_H_
#define TUNEBENCH_FAMILIES_H_

namespace tunebench {

void registerActivations();
void registerNorms();
void registerRope();
void registerSoftmax();
void registerCrossEntropy();
void registerDropout();
void registerAdamw();
void registerAttention();
void registerNf4();
void registerConvert();
void registerRows();
void registerSums();
void registerNarrowProduct();
void registerProduct();

}  // namespace tunebench

#endif
