#include <cstddef>

std::size_t large_a() { return 1; }
