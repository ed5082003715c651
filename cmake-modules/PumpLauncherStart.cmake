# What makes the launcher start faster in a static program, each where the tools allow it.
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)
include(CMakePushCheckState)

# pump_launcher_together(TARGET): the order of pump/main/launcher_together.ld. Not every linker reads scripts.
function(pump_launcher_together target)
  set(_script "${PROJECT_SOURCE_DIR}/pump/main/launcher_together.ld")
  check_linker_flag(CXX "-Wl,-T,${_script}" PUMP_LINKER_READS_SCRIPTS)
  if(PUMP_LINKER_READS_SCRIPTS)
    target_link_options(${target} PRIVATE "-Wl,-T,${_script}")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${_script}")
  endif()
endfunction()

# pump_quick_start(TARGET): the launcher's own entry, where pump/main/quick_start.cc knows this C library.

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
