#include "pump/include_server/support/give_up.h"

namespace pump::include_server {

const char* describe(GiveUp reason) {
  switch (reason) {
#define PUMP_CASE(name, text) \
  case GiveUp::name:          \
    return text;
    PUMP_GIVE_UP_REASONS(PUMP_CASE)
#undef PUMP_CASE
  }
  return "unknown reason";
}

}  // namespace pump::include_server
