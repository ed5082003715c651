extern "C" int library(void);

int main() { return library(); }
