// Random numbers that are the same everywhere: the standard library's distributions differ between libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace pump::fuzz {

/// splitmix64.
class Random {
 public:
  /// Mixes the seed, too: otherwise each seed would give the numbers of the previous seed, shifted by one.
  explicit Random(std::uint64_t seed) : state_(mixed(seed + kStep)) {}
  std::uint64_t next() { return mixed(state_ += kStep); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  std::string any_of(std::initializer_list<const char*> from) { return from.begin()[below(from.size())]; }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15U;
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace pump::fuzz
