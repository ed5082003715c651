#include "version.h"

const char* version() { return VERSION; }
