#include "common.h"

int unity_d() { return kOne; }
