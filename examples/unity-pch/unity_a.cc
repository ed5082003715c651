#include "common.h"

int unity_a() { return kOne; }
