// A probe of how clang names a file, or a directory, that it meets under several names: FileNaming and
// DirectoryNaming differ between its versions. A part of probe_text.h.
//
// gcc is not asked. It names a file as the #include does, and a file that it does not find would end its run.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/language.h"

namespace pump::include_server {

/// The files, and links to them, that the probe includes.
struct LayoutFile {
  std::string_view path;  ///< relative to the layout's directory
  std::string_view content;
  std::string_view link_target = {};  ///< not empty: a symbolic link
};
std::span<const LayoutFile> naming_layout();

/// Text to be preprocessed; `layout` is the absolute path of the directory.
std::string naming_text(const std::string& layout);

/// Collects the lines that the text leaves in the output.
class NamingAnswers {
 public:
  void read(std::string_view line);
  /// False if the compiler is not clang.
  [[nodiscard]] bool any() const { return !entered_.empty(); }
  /// Sets `files` and `directories`; DirectoryNaming::Unsure if the answers fit no known rule.
  void apply_to(Dialect& dialect) const;

 private:
  // The last two components of each name.
  std::string entered_, met_, again_, named_;
  std::vector<std::string> beside_;
};

}  // namespace pump::include_server
