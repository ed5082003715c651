int more() { return 0; }
