int plain_a();
int plain_b();
#ifdef WITH_MODULES
int imported();
#else
static int imported() { return 42; }
#endif

int main() { return plain_a() + plain_b() == imported() ? 0 : 1; }
