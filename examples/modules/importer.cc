import answer;

int imported() { return answer(); }
