# pump_quick_start(TARGET): gives a static program the launcher's own entry, where pump/main/quick_start.cc knows this
# C library. See there for what it is and why.
include(CheckCXXSourceCompiles)
include(CMakePushCheckState)

function(pump_quick_start target)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_FLAGS "-static")
  # The version it was written for, and every name it takes from there.
  check_cxx_source_compiles("
    #include <features.h>
    #if !defined(__x86_64__) || defined(__ILP32__) || !defined(__GLIBC__) || __GLIBC__ != 2 || __GLIBC_MINOR__ != 36
    #error other start
    #endif
    extern \"C\" {
    void _dl_aux_init(); void __libc_setup_tls(); void __libc_early_init(); void __libc_init_first(); void _init();
    extern char __libc_stack_end, _dl_random, __x86_shared_non_temporal_threshold, __rela_iplt_start, __rela_iplt_end;
    }
    const void* volatile names[] = {
      (void*)_dl_aux_init, (void*)__libc_setup_tls, (void*)__libc_early_init, (void*)__libc_init_first, (void*)_init,
      &__libc_stack_end, &_dl_random, &__x86_shared_non_temporal_threshold, &__rela_iplt_start, &__rela_iplt_end};
    int main() { return names[0] == nullptr; }" PUMP_KNOWS_LIBC_START)
  cmake_pop_check_state()
  if(NOT PUMP_KNOWS_LIBC_START)
    return()
  endif()
  set(_source "${PROJECT_SOURCE_DIR}/pump/main/quick_start.cc")
  target_sources(${target} PRIVATE "${_source}")
  # Nothing that calls the C library before it is there, and no canary before there is one.
  set_property(SOURCE "${_source}" APPEND PROPERTY COMPILE_OPTIONS
               -ffreestanding -fno-builtin -fno-tree-loop-distribute-patterns -fno-stack-protector)
  target_link_options(${target} PRIVATE -Wl,-e,pump_start)
endfunction()
