#ifdef MORE
int more();
#else
static int more() { return 0; }
#endif

int main() { return more(); }
