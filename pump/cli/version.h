// The version of this build, from the CMake project; printed by --version.
#pragma once

namespace pump::cli {
#ifdef PUMP_VERSION
inline constexpr char kVersion[] = PUMP_VERSION;
#else
inline constexpr char kVersion[] = "development build";
#endif
}  // namespace pump::cli
