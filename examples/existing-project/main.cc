#include "engine.h"

int main() { return engine_run() == 42 ? 0 : 1; }
