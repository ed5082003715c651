int large_c(void) { return 1; }
