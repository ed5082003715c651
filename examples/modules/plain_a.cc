#include <cstddef>

int plain_a() { return 20; }
