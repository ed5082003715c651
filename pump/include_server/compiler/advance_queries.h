// The queries that every compiler answers once, in advance: those of the headers of libstdc++, libc++, Boost,
// abseil, fmt, GoogleTest, Eigen and protobuf. Used only by probe_text.cc.
//
// Collected by grep from /usr/include of a Debian 12 with these libraries, and from the sources of libc++
// 11-19 and libstdc++ 9-14. A query that is missing here works too: the compiler runs again for it.
#pragma once

#include <string_view>

namespace pump::include_server {

inline constexpr std::string_view kBuiltinNames =
    "__has_include __has_include_next __has_builtin __has_attribute __has_cpp_attribute __has_c_attribute "
    "__has_declspec_attribute __has_feature __has_extension __has_warning __has_embed "
    "__has_constexpr_builtin "
    "__is_identifier __is_target_arch __is_target_vendor __is_target_os __is_target_environment "
    "__is_target_variant_os __is_target_variant_environment __building_module __COUNTER__ __FILE__ __LINE__ "
    "__DATE__ "
    "__TIME__ __TIMESTAMP__ __BASE_FILE__ __INCLUDE_LEVEL__ __FILE_NAME__ __MODULE__ __FLT_EVAL_METHOD__ "
    "_Pragma "
    "__pragma __identifier";

struct QueryGroup {
  std::string_view function;
  std::string_view arguments;  ///< separated by blanks
};

// clang-format off
inline constexpr QueryGroup kQueryGroups[] = {
  {"__has_builtin",
   "__add_const __add_cv __add_lvalue_reference __add_pointer __add_rvalue_reference __add_volatile "
   "__arithmetic_fence __array_extent __array_rank __atomic_compare_exchange __atomic_fetch_add "
   "__builtin_COLUMN __builtin_FILE __builtin_FUNCTION __builtin_LINE __builtin_add_overflow "
   "__builtin_addressof __builtin_alloca_with_align __builtin_arm_wfe __builtin_assoc_barrier "
   "__builtin_assume __builtin_assume_aligned __builtin_available __builtin_bit_cast "
   "__builtin_bitreverse16 __builtin_bitreverse32 __builtin_bitreverse64 __builtin_bitreverse8 "
   "__builtin_bswap128 __builtin_bswap16 __builtin_bswap32 __builtin_bswap64 __builtin_char_memchr "
   "__builtin_clear_padding __builtin_clz __builtin_clzg __builtin_clzl __builtin_clzll "
   "__builtin_common_type __builtin_constant_p __builtin_convertvector __builtin_copysign "
   "__builtin_copysignf __builtin_copysignl __builtin_coro_noop __builtin_ctz __builtin_ctzg "
   "__builtin_ctzl __builtin_ctzll __builtin_debugtrap __builtin_dedup_pack __builtin_dump_struct "
   "__builtin_dynamic_object_size __builtin_elementwise_abs __builtin_expect "
   "__builtin_expect_with_probability __builtin_fclose __builtin_ffs __builtin_flt_rounds __builtin_fma "
   "__builtin_fmaf __builtin_fpclassify __builtin_frame_address __builtin_has_attribute "
   "__builtin_ia32_rdtsc __builtin_invoke __builtin_is_constant_evaluated "
   "__builtin_is_corresponding_member __builtin_is_implicit_lifetime "
   "__builtin_is_pointer_interconvertible_with_class __builtin_is_virtual_base_of "
   "__builtin_is_within_lifetime __builtin_isfinite __builtin_isinf __builtin_isnan __builtin_isnormal "
   "__builtin_launder __builtin_logb __builtin_logbf __builtin_memchr __builtin_memcmp __builtin_memcpy "
   "__builtin_memmove __builtin_memset __builtin_ms_va_start __builtin_mul_overflow __builtin_nan "
   "__builtin_nontemporal_load __builtin_nontemporal_store __builtin_object_size "
   "__builtin_operator_delete __builtin_operator_new __builtin_operator_new_array __builtin_parity "
   "__builtin_popcount __builtin_popcountg __builtin_popcountl __builtin_popcountll __builtin_prefetch "
   "__builtin_readcyclecounter __builtin_reduce_add __builtin_return_address __builtin_rotateleft16 "
   "__builtin_rotateleft32 __builtin_rotateleft64 __builtin_rotateleft8 __builtin_rotateright32 "
   "__builtin_rotateright64 __builtin_sadd_overflow __builtin_scalbn __builtin_set_flt_rounds "
   "__builtin_shufflevector __builtin_signbit __builtin_smul_overflow __builtin_source_location "
   "__builtin_sprintf __builtin_ssub_overflow __builtin_strcmp __builtin_strlen __builtin_sub_overflow "
   "__builtin_sycl_unique_stable_name __builtin_trap __builtin_types_compatible_p "
   "__builtin_uadd_overflow __builtin_unpredictable __builtin_unreachable __builtin_va_copy "
   "__builtin_verbose_trap __builtin_wcslen __builtin_wmemchr __builtin_zero_non_value_bits "
   "__c11_atomic_init __cfi_check __decay __dmb __dsb __has_nothrow_assign __has_nothrow_constructor "
   "__has_nothrow_copy __has_trivial_assign __has_trivial_constructor __has_trivial_copy "
   "__has_trivial_destructor __has_unique_object_representations __has_virtual_destructor __integer_pack "
   "__is_abstract __is_aggregate __is_arithmetic __is_array __is_assignable __is_base_of "
   "__is_bounded_array __is_class __is_complete_type __is_compound __is_const __is_constructible "
   "__is_convertible __is_convertible_to __is_deducible __is_destructible __is_empty __is_enum "
   "__is_final __is_floating_point __is_function __is_fundamental __is_integral __is_invocable "
   "__is_layout_compatible __is_literal __is_literal_type __is_lvalue_expr __is_lvalue_reference "
   "__is_member_function_pointer __is_member_object_pointer __is_member_pointer __is_nothrow_assignable "
   "__is_nothrow_constructible __is_nothrow_convertible __is_nothrow_destructible __is_nothrow_invocable "
   "__is_nullptr __is_object __is_pod __is_pointer __is_pointer_interconvertible_base_of "
   "__is_polymorphic __is_reference __is_referenceable __is_rvalue_reference __is_same __is_same_as "
   "__is_scalar __is_scoped_enum __is_signed __is_standard_layout __is_trivial __is_trivially_assignable "
   "__is_trivially_constructible __is_trivially_copyable __is_trivially_copyable_call "
   "__is_trivially_destructible __is_trivially_equality_comparable __is_trivially_relocatable "
   "__is_unbounded_array __is_union __is_unsigned __is_virtual_base_of __is_void __is_volatile __isb "
   "__make_integer_seq __make_signed __make_unsigned __reference_binds_to_temporary "
   "__reference_constructs_from_temporary __reference_converts_from_temporary __remove_all_extents "
   "__remove_const __remove_cv __remove_cvref __remove_extent __remove_pointer __remove_reference "
   "__remove_reference_t __remove_restrict __remove_volatile __scoped_atomic_load_n __sev __sevl "
   "__sync_fetch_and_add __sync_swap __type_pack_element __underlying_type __wfe __wfi __yield isinf "},
  {"__has_feature",
   "__cxx_aggregate_nsdmi__ __cxx_alias_templates__ __cxx_binary_literals__ __cxx_constexpr__ "
   "__cxx_decltype__ __cxx_decltype_auto__ __cxx_deleted_functions__ __cxx_generic_lambdas__ "
   "__cxx_init_captures__ __cxx_noexcept__ __cxx_nullptr__ __cxx_reference_qualified_functions__ "
   "__cxx_relaxed_constexpr__ __cxx_return_type_deduction__ __cxx_rvalue_references__ "
   "__cxx_static_assert__ __cxx_variable_templates__ __cxx_variadic_templates__ address_sanitizer "
   "assume_nonnull attribute_analyzer_noreturn attribute_availability attribute_deprecated_with_message "
   "attribute_ext_vector_type attribute_overloadable attribute_unavailable_with_message blocks "
   "bounds_safety builtin_clz c_alignas c_alignof c_atomic c_generic_selections c_static_assert "
   "c_thread_local cfi_icall coverage_sanitizer cxx_access_control_sfinae cxx_aggregate_nsdmi "
   "cxx_alias_templates cxx_alignas cxx_alignof cxx_atomic cxx_attributes cxx_auto_type "
   "cxx_binary_literals cxx_constexpr cxx_contextual_conversions cxx_coroutines cxx_decltype "
   "cxx_decltype_auto cxx_decltype_incomplete_return_types cxx_default_function_template_args "
   "cxx_defaulted_functions cxx_delegating_constructors cxx_deleted_functions cxx_exceptions "
   "cxx_explicit_conversions cxx_generalized_initializers cxx_generic_lambdas "
   "cxx_inheriting_constructors cxx_init_captures cxx_inline_namespaces cxx_lambdas "
   "cxx_local_type_template_args cxx_noexcept cxx_nonstatic_member_init cxx_nullptr cxx_override_control "
   "cxx_range_for cxx_raw_string_literals cxx_reference_qualified_functions cxx_relaxed_constexpr "
   "cxx_return_type_deduction cxx_rtti cxx_runtime_array cxx_rvalue_references cxx_static_assert "
   "cxx_strong_enums cxx_thread_local cxx_trailing_return cxx_unicode_literals cxx_unrestricted_unions "
   "cxx_user_literals cxx_variable_templates cxx_variadic_templates dataflow_sanitizer "
   "enumerator_attributes has_nothrow_assign has_nothrow_constructor has_nothrow_copy has_trivial_assign "
   "has_trivial_constructor has_trivial_copy has_trivial_destructor has_trivial_move_assign "
   "has_trivial_move_constructor has_virtual_destructor hwaddress_sanitizer is_abstract is_base_of "
   "is_class is_constructible is_convertible_to is_empty is_enum is_final is_literal "
   "is_nothrow_copy_assignable is_pod is_polymorphic is_standard_layout is_trivially_assignable "
   "is_trivially_constructible is_trivially_copyable is_union leak_sanitizer memory_sanitizer modules "
   "nullability nullability_on_arrays objc_arc objc_arc_weak objc_instancetype ownership_holds "
   "pragma_clang_attribute_namespaces ptrauth_calls ptrauth_intrinsics ptrauth_qualifier "
   "realtime_sanitizer reference_binds_to_temporary safe_stack shadow_call_stack swiftasynccc "
   "thread_sanitizer tls type_sanitizer undefined_behavior_sanitizer underlying_type xray_instrument "},
  {"__has_extension",
   "__cxx_binary_literals__ attribute_analyzer_noreturn attribute_deprecated_with_message "
   "attribute_ext_vector_type attribute_unavailable_with_message blocks c_alignas c_alignof c_atomic "
   "c_generic_selection_with_controlling_type c_generic_selections c_static_assert c_thread_local "
   "cxx_attributes cxx_auto_type cxx_binary_literals cxx_constexpr cxx_defer cxx_explicit_conversions "
   "cxx_fixed_enum cxx_generic_lambdas cxx_rvalue_references cxx_static_assert "
   "cxx_string_literal_templates cxx_strong_enums cxx_variadic_templates datasizeof "
   "define_target_os_macros enumerator_attributes gnu_asm gnu_asm_goto_with_outputs "
   "gnu_asm_goto_with_outputs_full is_assignable is_constructible is_convertible is_empty is_final "
   "is_trivially_assignable is_trivially_constructible matrix_types overloadable_unmarked "
   "pragma_clang_attribute_external_declaration statement_attributes_with_gnu_syntax swiftasynccc "
   "swiftcc typed_memory_operations vector_size "},
  {"__has_attribute",
   "__access__ __acquire_capability__ __alias__ __aligned__ __alloc_align__ __alloc_size__ __always_inline__ "
   "__artificial__ __assume_aligned__ __availability__ __capability__ __cleanup__ __cold__ __const__ "
   "__constructor__ __counted_by__ __deprecated__ __designated_init__ __diagnose_as_builtin__ "
   "__diagnose_if__ __enable_if__ __error__ __exclude_from_explicit_instantiation__ "
   "__external_source_symbol__ __externally_visible__ __fallthrough__ __flatten__ __format__ "
   "__format_arg__ __gnu_inline__ __guarded_by__ __hot__ __ifunc__ __init_priority__ "
   "__internal_linkage__ __leaf__ __indirect_return__ __malloc__ __may_alias__ __mode__ __naked__ "
   "__no_caller_saved_registers__ __no_instrument_function__ __no_profile_instrument_function__ "
   "__no_reorder__ __no_sanitize__ __no_sanitize_address__ __no_sanitize_undefined__ "
   "__no_stack_protector__ __no_unique_address__ __noclone__ __nodebug__ __noescape__ __noinline__ "
   "__nonnull__ __nonstring__ __noreturn__ __nothrow__ __nullability__ __objc_bridge__ __optimize__ "
   "__overloadable__ __packed__ __pass_dynamic_object_size__ __pass_object_size__ __preferred_name__ "
   "__pure__ __require_constant_initialization__ __retain__ __returns_nonnull__ __returns_twice__ "
   "__section__ __sentinel__ __standalone_debug__ __strict_flex_array__ __swift_attr__ __symver__ "
   "__target__ __tls_model__ __transparent_union__ __trivial_abi__ __type_visibility__ __uninitialized__ "
   "__unused__ __used__ __using_if_exists__ __vector_size__ __visibility__ __warn_unused_result__ "
   "__warning__ __weak__ abi_tag access acquire_capability acquired_after alias aligned alloc_align "
   "alloc_size always_inline annotate assert_capability assert_exclusive_lock assume assume_aligned "
   "availability blocks btf_type_tag callable_when capability carries_dependency cleanup cold common "
   "const constructor consumable convergent counted_by cpu_dispatch deprecated designated_init "
   "destructor diagnose_as_builtin diagnose_if disable_sanitizer_instrumentation disable_tail_calls "
   "enable_if enum_extensibility error exclude_from_explicit_instantiation exclusive_locks_required "
   "ext_vector_type externally_visible fallthrough fd_arg flag_enum flatten format format_arg "
   "function_return gnu_inline guarded_by guarded_var hot ifunc import_module indirect_return "
   "init_priority internal_linkage leaf lifetime_capture_by lifetimebound likely lock_returned lockable "
   "locks_excluded lto_visibility_public malloc may_alias minsize mode musttail naked "
   "no_address_safety_analysis no_builtin no_caller_saved_registers no_destroy no_icf "
   "no_instrument_function no_profile no_profile_instrument_function no_reorder no_sanitize "
   "no_sanitize_address no_sanitize_coverage no_sanitize_memory no_sanitize_thread no_sanitize_undefined "
   "no_speculative_load_hardening no_split_stack no_stack_limit no_stack_protector "
   "no_thread_safety_analysis no_unique_address nocf_check noclone nodebug noderef nodiscard noescape "
   "noinline noipa nomerge nomips16 nonblocking nonnull nonstring noplt noreturn not_tail_called nothrow "
   "nouwtable null_terminated_string_arg objc_boxable objc_bridge objc_root_class "
   "objc_subclassing_restricted optimize optnone overload overloadable packed param_typestate "
   "pass_object_size patchable_function_entry pointer preferred_name preserve_all preserve_most "
   "preserve_none pt_guarded_by pure reinitializes release_capability require_constant_initialization "
   "requires_capability retain return_typestate returns_nonnull returns_twice scalar_storage_order "
   "scoped_lockable section selectany sentinel set_typestate shared_locks_required simd sized_by "
   "stack_protect standalone_debug strict_flex_array suppress swift_name symver sysv_abi target "
   "target_clones test_typestate tls_model transparent_union trivial_abi try_acquire_capability "
   "unavailable uninitialized unlikely unlock_function unsafe_buffer_usage unused used using_if_exists "
   "uuid vector_size visibility warn_unused warn_unused_result warning weak weak_import weakref "
   "xray_always_instrument xray_never_instrument zero_call_used_regs "},
  {"__has_cpp_attribute",
   "_Clang::__lifetimebound__ _Clang::__no_destroy__ __assume__ __deprecated__ __fallthrough__ "
   "__gnu__::__always_inline__ __gnu__::__noinline__ __likely__ __maybe_unused__ __no_unique_address__ "
   "__nodiscard__ __noreturn__ __unlikely__ assume carries_dependency clang::always_inline "
   "clang::annotate clang::assume clang::coro_await_elidable clang::coro_disable_lifetimebound "
   "clang::coro_lifetimebound clang::coro_only_destroy_when_complete clang::coro_return_type "
   "clang::coro_wrapper clang::exclude_from_explicit_instantiation clang::fallthrough "
   "clang::import_module clang::internal_linkage clang::lifetime_capture_by clang::lifetimebound "
   "clang::musttail clang::no_destroy clang::no_sanitize clang::no_specializations clang::noescape "
   "clang::noinline clang::nomerge clang::nonblocking clang::optnone clang::preferred_name "
   "clang::preserve_all clang::preserve_most clang::preserve_none clang::reinitializes "
   "clang::require_constant_initialization clang::require_explicit_initialization clang::scoped_lockable "
   "clang::suppress clang::trivial_abi clang::type_visibility clang::uninitialized "
   "clang::unsafe_buffer_usage clang::warn_unused_result deprecated fallthrough gnu::abi_tag gnu::access "
   "gnu::aligned gnu::always_inline gnu::artificial gnu::assume gnu::assume_aligned gnu::cold gnu::const "
   "gnu::deprecated gnu::fallthrough gnu::flatten gnu::format gnu::hot gnu::init_priority gnu::malloc "
   "gnu::may_alias gnu::no_dangling gnu::no_instrument_function gnu::no_sanitize gnu::no_unique_address "
   "gnu::noinline gnu::nonnull gnu::noreturn gnu::packed gnu::pure gnu::returns_nonnull gnu::section "
   "gnu::tainted_args gnu::unused gnu::used gnu::visibility gnu::warn_unused_result gnu::weak gsl::Owner "
   "gsl::Pointer gsl::suppress indeterminate lifetimebound likely maybe_unused msvc::constexpr "
   "msvc::forceinline msvc::forceinline_calls msvc::intrinsic msvc::known_semantics msvc::lifetimebound "
   "msvc::no_tls_guard msvc::no_unique_address msvc::noinline msvc::noinline_calls no_unique_address "
   "nodiscard nonstring noreturn unlikely "},
  {"__has_c_attribute",
   "_Noreturn __deprecated__ __fallthrough__ __maybe_unused__ __nodiscard__ __noreturn__ assume "
   "clang::overloadable deprecated fallthrough gnu::always_inline gnu::fallthrough maybe_unused "
   "nodiscard noreturn reproducible unsequenced "},
  {"__is_identifier",
   "_Atomic _Bool _Float16 __float128 __int64 bool char16_t char32_t char8_t co_await concept constexpr "
   "nullptr requires wchar_t "},
  {"__has_declspec_attribute",
   "dllexport dllimport no_sanitize_address noreturn property selectany thread uuid "},
  {"__has_constexpr_builtin",
   "__builtin_fabs __builtin_fmax __builtin_fmin __builtin_huge_val __builtin_logb __builtin_nan "
   "__builtin_scalbn "},
  {"__has_warning",
   "\"-Wc++98-compat\" \"-Wcast-function-type-mismatch\" \"-Wcharacter-conversion\" \"-Wdeprecated\" "
   "\"-Wdeprecated-copy\" \"-Wdeprecated-declarations\" \"-Wgnu-zero-variadic-macro-arguments\" "
   "\"-Wimplicit-fallthrough\" \"-Wreserved-identifier\" \"-Wself-assign-overloaded\" "
   "\"-Wshadow-field-in-constructor\" \"-Wsuggest-destructor-override\" \"-Wthread-safety\" "
   "\"-Wundefined-func-template\" \"-Wunsafe-buffer-usage\" \"-Wunused\" \"-Wunused-parameter\" "
   "\"-Wzero-as-null-pointer-constant\" "},
};
// clang-format on

}  // namespace pump::include_server
