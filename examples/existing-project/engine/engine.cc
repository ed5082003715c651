#include "engine.h"

#include "bundled.h"

int engine_run() { return engine_start() * bundled_factor(); }
