#include <cstdio>

const char* version();

int main() { return std::puts(version()) < 0; }
