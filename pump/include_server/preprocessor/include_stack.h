// The stack of files being walked: the file that the walk is in, the line, and the files that included it.
//
// Part of one Walker; not thread-safe. Frames live on the C++ stack of the recursive walk.
#pragma once

#include <cstdint>
#include <string>

#include "pump/include_server/preprocessor/include_lookup.h"
#include "pump/os/format.h"

namespace pump::include_server {

struct Frame {
  const Frame* includer;
  WalkedScan* walked;                         ///< nullptr: the command line, before the source is entered
  const Resolution* resolution;               ///< how the file was found
  unsigned level;                             ///< 0: the source itself
  std::uint32_t line = 0;                     ///< of the directive being walked
  bool many_lines = false;                    ///< that directive ends on another line than it begins
  std::int64_t line_shift = 0;                ///< __LINE__ - line, set by #line
  bool line_known = true, file_known = true;  ///< false after a #line that cannot be evaluated
  Symbol presumed = 0;                        ///< __FILE__ set by #line; 0: not set
  bool system_header = false;                 ///< the file counts as a system header
  /// Position in the search path at which #include_next continues; as Resolution::found_at.
  int found_at = Resolution::kNoChain;
  bool servers_own = false;  ///< the server's compiler reads a file of its own here

  void stand_at(const Directive& directive) {
    line = directive.line;
    many_lines = (directive.flags & kManyLines) != 0;
  }
};

class IncludeStack {
 public:
  /// Pushes a frame for as long as it lives.
  class Scope {
   public:
    Scope(IncludeStack& stack, Frame& frame) : stack_(stack), outer_(stack.top_) { stack.top_ = &frame; }
    ~Scope() { stack_.top_ = outer_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    IncludeStack& stack_;
    Frame* outer_;
  };

  [[nodiscard]] bool empty() const { return top_ == nullptr; }
  /// Only if not empty().
  [[nodiscard]] Frame& top() const { return *top_; }
  [[nodiscard]] Frame* top_or_null() const { return top_; }
  /// True if the file is being walked, at any level.
  [[nodiscard]] bool contains(const SourceFile& file) const {
    for (const Frame* frame = top_; frame != nullptr; frame = frame->includer)
      if (frame->walked != nullptr && frame->resolution->file == &file) return true;
    return false;
  }
  /// "file:line" of the directive being walked. Only if not empty().
  [[nodiscard]] std::string location() const {
    return os::format("{}:{}", spelling(top_->resolution->spelled), top_->line);
  }

 private:
  Frame* top_ = nullptr;
};

}  // namespace pump::include_server
