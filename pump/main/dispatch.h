// Runs the program that argv[0] names: pump, pump-launch, pump-include-server, or one of those that pump
// itself starts. Called once, by main().
#pragma once

namespace pump {
/// The exit status. An unknown name means pump.
int dispatch(int argc, char** argv);
}  // namespace pump
