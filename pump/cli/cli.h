// The `pump` command: parses the verbs (CLI11) and runs one. The boundary where errors become messages.
#pragma once

namespace pump::cli {
int main(int argc, char** argv);
}  // namespace pump::cli
