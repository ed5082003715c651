int unity_a();
int unity_b();
int unity_c();
int unity_d();
int pch_a();
int pch_b();

int main() { return unity_a() + unity_b() + unity_c() + unity_d() + pch_a() + pch_b() == 8 ? 0 : 1; }
