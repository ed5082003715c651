extern "C" {
int counter(void);
extern const int mark;
}

int main() { return counter() == mark ? 0 : 1; }
