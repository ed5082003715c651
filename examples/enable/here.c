int here(void) { return 2; }
