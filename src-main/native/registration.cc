/** Loading the add-on registers every operation with the libtensorflow that is already in the process. */
#include <mutex>

#include "families.h"
#include "kernel.h"
#include "node_api.h"

namespace tunebench {

namespace {

void check(TF_Status* status, const char* name) {
  if (TF_GetCode(status) == TF_OK) return;
  const std::string message = std::string(name) + ": " + TF_Message(status);
  TF_DeleteStatus(status);
  fail(message);
}

TF_Status* invalidArgument(const char* message) {
  TF_Status* status = TF_NewStatus();
  TF_SetStatus(status, TF_INVALID_ARGUMENT, message);
  return status;
}

/** A process loads the add-on once, but each of its JavaScript threads initialises it. */
void registerAll() {
  static std::once_flag once;
  std::call_once(once, [] {
    registerActivations();
    registerNorms();
    registerRope();
    registerSoftmax();
    registerCrossEntropy();
    registerDropout();
    registerAdamw();
    registerAttention();
    registerNf4();
    registerConvert();
    registerRows();
    registerSums();
    registerNarrowProduct();
    registerProduct();
  });
}

napi_value text(napi_env env, const char* value) {
  napi_value result = nullptr;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
  return result;
}

napi_value instructionSetName(napi_env env, napi_callback_info) { return text(env, nameOf(instructionSet())); }

/** `useInstructionSet(name)`: false where this processor lacks it. */
napi_value useInstructionSetNamed(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  char name[32] = "";
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_string_utf8(env, argument, name, sizeof(name), nullptr);
  napi_value result = nullptr;
  napi_get_boolean(env, useInstructionSet(name), &result);
  return result;
}

napi_value threadCount(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_create_int32(env, threads(), &result);
  return result;
}

napi_value useThreadCount(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  int32_t wanted = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &wanted);
  useThreads(wanted);
  return nullptr;
}

}  // namespace

void defineOperation(const Definition& definition) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* attribute : definition.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char* input : definition.inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : definition.outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(
      builder, [](TF_ShapeInferenceContext* context, TF_Status* status) {
        TF_ShapeInferenceContextSetUnknownShape(context, status);
      });
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(builder, status);
  check(status, definition.name);
  TF_DeleteStatus(status);
}

void defineKernel(const char* name, void* (*create)(TF_OpKernelConstruction*),
                  void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*)) {
  TF_Status* status = TF_NewStatus();
  TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create, compute, destroy), status);
  check(status, name);
  TF_DeleteStatus(status);
}

void reportFailure(TF_OpKernelConstruction* construction, const char* message) {
  TF_Status* status = invalidArgument(message);
  TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
}

void reportFailure(TF_OpKernelContext* context, const char* message) {
  TF_Status* status = invalidArgument(message);
  TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
}

}  // namespace tunebench

NAPI_MODULE_INIT() {
  using namespace tunebench;
  try {
    registerAll();
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
  const napi_property_descriptor properties[] = {
      {"instructionSet", nullptr, instructionSetName, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"useInstructionSet", nullptr, useInstructionSetNamed, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"threads", nullptr, threadCount, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"useThreads", nullptr, useThreadCount, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  return exports;
}
