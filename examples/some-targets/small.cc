#include <cstddef>

std::size_t large_a();
std::size_t large_b();
extern "C" int large_c(void);

int main() { return large_a() + large_b() == 2 && large_c() == 1 ? 0 : 1; }
