int before() { return 1; }
