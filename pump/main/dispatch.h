// Which program this process is: decided by the name it was called with, and by nothing else.
#pragma once

namespace pump {
int dispatch(int argc, char** argv);
}  // namespace pump
