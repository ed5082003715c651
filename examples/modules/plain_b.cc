#include <cstddef>

int plain_b() { return 22; }
