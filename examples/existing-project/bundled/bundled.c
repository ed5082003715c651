#include "bundled.h"

int bundled_factor(void) { return 7; }
