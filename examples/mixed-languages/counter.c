int counter(void) {
  static int value = START;
  return ++value;
}
