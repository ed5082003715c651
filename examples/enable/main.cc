extern "C" int here(void);
int before();

int main() { return before() + here() - 3; }
