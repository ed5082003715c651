#include "cross.h"

_Static_assert(sizeof(void*) == 4, "compiled for another target");

int more(void) { return 0; }
