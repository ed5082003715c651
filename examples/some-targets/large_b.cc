#include <cstddef>

std::size_t large_b() { return 1; }
