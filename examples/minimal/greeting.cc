#include "greeting.h"

const char* greeting() { return "compiled elsewhere"; }
