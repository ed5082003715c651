#include "pump/include_server/unit/search_options.h"

#include <algorithm>

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::Option;

bool has_sysroot_mark(const std::string& value) {
  return value.starts_with("=") || value.starts_with("$SYSROOT");
}

bool is_among(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

class Arranger {
 public:
  Arranger(const UnitOptions& options, const CompilerProfile& profile)
      : options_(options), profile_(profile) {}

  SearchLists run() {
    if (profile_.clang) {
      for (int pass = 0; pass < kClangPasses; ++pass)
        for (const Argument& argument : options_.search)
          if (clang_pass(argument.option) == pass) add(argument);
    } else {
      for (const Argument& argument : options_.search)
        if (first_in_gcc(argument)) add(argument);
      for (const Argument& argument : options_.search)
        if (!first_in_gcc(argument)) add(argument);
    }
    // clang's file manager removes one slash at the end.
    if (profile_.clang)
      for (auto* list : {&lists_.quote, &lists_.angled, &lists_.system, &lists_.after})
        for (SearchCandidate& candidate : *list)
          if (candidate.spelled.size() > 1 && candidate.spelled.back() == '/') candidate.spelled.pop_back();
    for (const std::string& directory : profile_.searched_directories)
      lists_.system.push_back(
          {directory, false, !is_among(profile_.system_directories, directory), true, {}});
    for (auto* list : {&lists_.system, &lists_.after})
      for (SearchCandidate& candidate : *list) candidate.system_headers = true;
    return std::move(lists_);
  }

 private:
  static bool first_in_gcc(const Argument& argument) {
    return argument.carrier.empty() &&
           (argument.option == Option::IncludeDirectory || argument.option == Option::SplitDirectories);
  }

  [[nodiscard]] std::size_t index(const Argument& argument) const {
    return static_cast<std::size_t>(&argument - options_.search.data());
  }

  void add(const Argument& argument) {
    switch (argument.option) {
      case Option::IncludeDirectory:
        return push(lists_.angled, argument);
      case Option::QuoteDirectory:
        return push(lists_.quote, argument);
      case Option::SystemDirectory:
        if (argument.spelling != "-isystem") lists_.needs_listing = true;
        return push(lists_.system, argument);
      case Option::AfterDirectory:
        return push(lists_.after, argument);
      case Option::SplitDirectories:
        // gcc drops what was on the quote list so far.
        lists_.quote = std::move(lists_.angled);
        lists_.angled.clear();
        lists_.split = true;
        return;
      case Option::Prefix:
        prefix_ = &argument;
        return;
      case Option::WithPrefix:
        return push_prefixed(profile_.clang ? lists_.after : lists_.system, argument);
      case Option::WithPrefixBefore:
        return push_prefixed(lists_.angled, argument);
      case Option::FrameworkDirectory:
        // gcc supports frameworks on Darwin only; elsewhere it ignores the option.
        if (profile_.clang) lists_.needs_listing = true;
        return;
      default:
        lists_.needs_listing = true;
    }
  }

  void push(std::vector<SearchCandidate>& list, const Argument& argument) {
    SearchCandidate candidate{argument.value, true, true, false, {index(argument)}};
    if (has_sysroot_mark(argument.value)) apply_sysroot(candidate, argument.option);
    list.push_back(std::move(candidate));
  }

  void apply_sysroot(SearchCandidate& candidate, Option option) {
    const std::size_t mark = candidate.spelled.starts_with("=") ? 1 : std::string_view("$SYSROOT").size();
    if (profile_.clang) {
      // Which options accept "=" depends on the version. All accept it in -I, and none accepts $SYSROOT.
      if (mark != 1) return;
      if (option != Option::IncludeDirectory || options_.sysroot.empty()) {
        lists_.needs_listing = true;
        return;
      }
      const bool joined = options_.sysroot.ends_with("/") || candidate.spelled.compare(1, 1, "/") == 0;
      lists_.needs_listing |= !joined || options_.sysroot.ends_with("/");
    } else if (options_.sysroot.empty()) {
      lists_.needs_listing = true;  // a compiler may be configured with a sysroot
      return;
    }
    candidate.spelled = options_.sysroot + candidate.spelled.substr(mark);
  }

  void push_prefixed(std::vector<SearchCandidate>& list, const Argument& argument) {
    SearchCandidate candidate{argument.value, true, true, false, {index(argument)}};
    if (prefix_ != nullptr) {
      candidate.spelled = prefix_->value + argument.value;
      candidate.arguments = {index(*prefix_), index(argument)};
    } else if (!profile_.clang) {
      lists_.needs_listing = true;  // it is below gcc's own installation directory
    }
    list.push_back(std::move(candidate));
  }

  const UnitOptions& options_;
  const CompilerProfile& profile_;
  const Argument* prefix_ = nullptr;
  SearchLists lists_;
};

}  // namespace

int clang_pass(Option option) {
  switch (option) {
    case Option::IncludeDirectory:
    case Option::FrameworkDirectory:
    case Option::SplitDirectories:
      return 0;
    case Option::Prefix:
    case Option::WithPrefix:
    case Option::WithPrefixBefore:
      return 1;
    case Option::AfterDirectory:
      return 2;
    case Option::QuoteDirectory:
      return 3;
    default:
      return kClangPasses - 1;
  }
}

SearchLists arrange_search(const UnitOptions& options, const CompilerProfile& profile) {
  return Arranger(options, profile).run();
}

}  // namespace pump::include_server
