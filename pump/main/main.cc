// One binary is `pump`, `pump-launch` and the include server (dispatch.h).
#include "pump/main/dispatch.h"

int main(int argc, char** argv) {
  return pump::dispatch(argc, argv);
}
