// Cached results of directives do not change closures, and save evaluation.
#include "pump/include_server/preprocessor/evaluation_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/unit/include_server/preprocessor/preprocessor_project.h"

namespace pump::include_server {
namespace {

constexpr int kHeaders = 24, kMacros = 8, kSources = 30;

/// A closure as text: the parts that replies and their cache depend on.
std::string described(const Closure& closure) {
  std::string text =
      fmt::format("{} {} {}\n", describe(closure.give_up), closure.detail, closure.approximate);
  for (const ClosureFile& file : closure.files)
    text += fmt::format("{} as {}{}{}{}{} {:x}\n", file.entry->path(), file.spelled,
                        file.absolute ? " absolute" : "", file.entered ? " entered" : "",
                        file.pragma_once ? " once" : "", file.mixed_spellings ? " mixed" : "",
                        file.entered ? file.hash.low : 0);
  std::vector<std::string> others;
  std::set<std::string> consulted;  // an entry may stand in several lists
  for (const SharedEntries entries : closure.consulted)
    for (const Entry* entry : *entries)
      consulted.insert(fmt::format("consulted {} {}\n", entry->path(), static_cast<int>(entry->kind)));
  others.assign(consulted.begin(), consulted.end());
  for (const Entry* link : closure.links) others.push_back("link " + link->path() + "\n");
  for (const Directory* directory : closure.traversed)
    others.push_back("through " + directory->path() + "\n");
  std::sort(others.begin(), others.end());
  for (const std::string& other : others) text += other;
  return text;
}

/// Random headers whose effects depend on the macros of other headers.
class RandomProject {
 public:
  RandomProject(CompilerProject& project, unsigned seed) : project_(project), random_(seed) {
    for (int i = 0; i < kHeaders; ++i) write_header(i);
    for (int i = 0; i < kMacros; ++i) {
      project_.write(fmt::format("defined{}.h", i), "");
      project_.write(fmt::format("two{}.h", i), "#pragma once\n");
    }
    project_.write("same1.h", "#pragma once\n#define SAME 1\n");
    project_.write("same2.h", "#pragma once\n#define SAME 1\n");
    for (int i = 0; i < kSources; ++i) project_.write(source(i), source_text());
  }
  static std::string source(int i) { return fmt::format("source{}.cc", i); }

  void write_header(int i) {
    std::string text;
    const int kind = below(4);
    if (kind == 0) text += "#pragma once\n";
    if (kind == 1 || kind == 2) text += fmt::format("#ifndef H{0}_H\n#define H{0}_H\n", i);
    if (kind == 3) text += fmt::format("#if !defined ONCE{0}\n#define ONCE{0}\n", i);
    for (int line = 4 + below(40); line > 0; --line) text += statement(i);
    if (kind != 0) text += "#endif\n";
    project_.write(directory(i) + fmt::format("h{}.h", i), text);
  }
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

 private:
  static std::string directory(int i) { return i % 3 == 0 ? "inc/" : i % 3 == 1 ? "" : "deep/down/"; }
  std::string macro() { return fmt::format("M{}", below(kMacros)); }

  std::string inclusion(int above) {
    if (above + 1 >= kHeaders) return {};
    const int which = above + 1 + below(kHeaders - above - 1);
    return fmt::format("#include {}\n",
                       below(2) == 0 ? fmt::format("\"h{}.h\"", which) : fmt::format("<h{}.h>", which));
  }

  std::string statement(int above) {
    switch (below(above < 0 ? 8 : 24)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return inclusion(above);
      case 4:
        return fmt::format("#define {} {}\n", macro(), below(3));
      case 5:
        return fmt::format("#undef {}\n", macro());
      case 6:
        return fmt::format("#ifdef {}\n{}#else\n#define {} {}\n#endif\n", macro(), inclusion(above), macro(),
                           below(3));
      case 7:
        return fmt::format("#if {} == {}\n{}#endif\n", macro(), below(3), inclusion(above));
      case 8:
        return fmt::format("#undef {0}\n#define {0} {1}\n", macro(), macro());
      case 9:
        return fmt::format("#if __has_include(\"h{}.h\")\n#define {} 1\n#endif\n", below(kHeaders + 4),
                           macro());
      case 10: {
        const std::string kept = macro();
        return fmt::format("#pragma push_macro(\"{0}\")\n#undef {0}\n{1}#pragma pop_macro(\"{0}\")\n", kept,
                           inclusion(above));
      }
      case 11:
        return below(8) == 0 ? fmt::format("#pragma push_macro(\"{}\")\n", macro()) : std::string();
      case 12:
        return below(8) == 0 ? fmt::format("#pragma pop_macro(\"{}\")\n", macro()) : std::string();
      case 13:
        return below(10) == 0 ? fmt::format("#if __COUNTER__ & 1\n#define {} 2\n#endif\n", macro())
                              : std::string();
      case 14:
        return below(6) == 0 ? fmt::format("#if __INCLUDE_LEVEL__ > 2\n#define {} 2\n#endif\n", macro())
                             : std::string();
      case 15:
        return below(3) == 0 ? "#include \"same1.h\"\n" : below(2) == 0 ? "#import \"same2.h\"\n" : "";
      case 16:
        return fmt::format("#define NAME{0} \"defined{0}.h\"\n#include NAME{0}\n", below(kMacros));
      case 17:
        return below(10) == 0 ? "#include \"missing.h\"\n" : "";
      case 18:
        return below(4) == 0 ? fmt::format("#import \"h{}.h\"\n", std::min(above + 1, kHeaders - 1)) : "";
      case 19:
        return fmt::format("#define F{}(x) ({} + x)\n", below(4), macro());
      case 20:
        return fmt::format("#if defined F{0} && F{0}(1) > 1\n{1}#endif\n", below(4), inclusion(above));
      default:
        return "int x;\n";
    }
  }

  std::string source_text() {
    std::string text;
    for (int line = 3 + below(12); line > 0; --line) text += statement(-1);
    for (int i = 0; i < kMacros; ++i) {
      text += fmt::format("#ifdef M{0}\n#include \"defined{0}.h\"\n#endif\n", i);
      text += fmt::format("#if M{0} + 0 == 2\n#include \"two{0}.h\"\n#endif\n", i);
    }
    return text;
  }

  CompilerProject& project_;
  std::mt19937 random_;
};

class EvaluationCache : public testing::TestWithParam<const char*> {};

TEST_P(EvaluationCache, ClosuresAreThoseOfAWalkWithoutIt) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    CompilerProject project(GetParam());
    if (!project.available()) GTEST_SKIP();
    project.flags = {"-I.", "-Iinc", "-Ideep/down", "-I@ROOT@/inc"};
    project.language = "c++";
    RandomProject random(project, seed);
    project.source = RandomProject::source(0);
    const auto no_answer = [](const CompilerProfile&, const std::string&) { return std::nullopt; };
    Budget walking;
    walking.cache_results = false;
    Preprocessor with(project.tree(), project.scans(), no_answer);
    Preprocessor without(project.tree(), project.scans(), no_answer, walking);
    Unit unit = project.unit();
    for (int round = 0; round < 4; ++round) {
      for (int i = 0; i < kSources; ++i) {
        unit.source = RandomProject::source(i);
        const FileTree::Snapshot snapshot = project.tree().begin();
        const std::string walked = described(without.run(snapshot, unit));
        ASSERT_EQ(described(with.run(snapshot, unit)), walked)
            << "seed " << seed << ", round " << round << ", " << unit.source;
      }
      random.write_header(random.below(kHeaders));
    }
  }
}

TEST_P(EvaluationCache, SavesEvaluation) {
  CompilerProject project(GetParam());
  if (!project.available()) GTEST_SKIP();
  std::string big = "#ifndef BIG\n#define BIG\n";
  for (int i = 0; i < 2000; ++i) big += fmt::format("#if A{0} + 1 > 1\n#undef A{0}\n#endif\n", i);
  project.write("big.h", big + "#include \"small.h\"\n#define LEFT 1\n#endif\n");
  project.write("small.h", "");
  project.write("one.cc", "#include \"big.h\"\n#if LEFT\n#include \"last.h\"\n#endif\n");
  project.write("two.cc", "#define A7 1\n#include \"big.h\"\n");
  project.write("last.h", "");
  project.source = "one.cc";
  Preprocessor preprocessor(project.tree(), project.scans(),
                            [](const CompilerProfile&, const std::string&) { return std::nullopt; });
  Unit unit = project.unit();
  const auto run = [&](const char* source) {
    unit.source = source;
    const FileTree::Snapshot snapshot = project.tree().begin();
    return preprocessor.run(snapshot, unit);
  };
  const Closure first = run("one.cc"), again = run("one.cc"), other = run("two.cc");
  EXPECT_EQ(first.files.size(), again.files.size());
  EXPECT_LT(again.steps, first.steps) << "nothing was cached";
  EXPECT_GT(other.steps, again.steps) << "a cached result was used in another state";
  project.write("small.h", "#include \"last.h\"\n");
  EXPECT_EQ(run("two.cc").files.size(), other.files.size() + 1) << "an included header has changed";
}

// In a source, #include_next is #include, so the same directive leads elsewhere when the file is a header.
TEST_P(EvaluationCache, DistinguishesAHeaderFromASource) {
  CompilerProject project(GetParam());
  if (!project.available()) GTEST_SKIP();
  project.flags = {"-Ia", "-Ib"};
  project.language = "c++";
  project.write("a/x.h",
                "#ifdef A_X\n#include \"again.h\"\n#else\n#define A_X\n#include_next <x.h>\n#endif\n");
  project.write("b/x.h", "");
  project.write("a/again.h", "");
  project.write("main.cc", "#include <x.h>\n");
  project.source = "main.cc";
  Preprocessor preprocessor(project.tree(), project.scans(),
                            [](const CompilerProfile&, const std::string&) { return std::nullopt; });
  const auto ours = [&](const std::set<std::string>& paths) {
    std::set<std::string> found;
    for (const std::string& path : paths)
      if (path.starts_with(project.absolute(""))) found.insert(path.substr(project.absolute("").size()));
    return found;
  };
  const auto entered = [&](const char* source) {
    project.source = source;
    std::set<std::string> paths;
    for (const ClosureFile& file : project.run(preprocessor).files)
      if (file.entered) paths.insert(file.entry->path());
    return ours(paths);
  };
  for (int round = 0; round < 2; ++round) {
    for (const char* source : {"main.cc", "a/x.h"}) {
      const std::set<std::string> here = entered(source);
      EXPECT_EQ(here, ours(project.by_compiler().value())) << source << ": " << project.complaint;
      EXPECT_EQ(here.contains("b/x.h"), source == std::string_view("main.cc"));
    }
  }
}

// The profile has the answer to one query; the compiler is run for the other.
TEST_P(EvaluationCache, ResultsDependOnTheCompilersAnswers) {
  CompilerProject project(GetParam());
  if (!project.available()) GTEST_SKIP();
  project.language = "c++";
  project.write(
      "x.h",
      "#if __has_cpp_attribute(one)\n#define ONE\n#endif\n#if __has_cpp_attribute(two)\n#define TWO\n#endif\n"
      "#ifdef ONE\n#include \"one.h\"\n#endif\n#ifdef TWO\n#include \"two.h\"\n#endif\n");
  for (const char* name : {"one.h", "two.h"}) project.write(name, "");
  project.write("main.cc", "#include \"x.h\"\n");
  Preprocessor preprocessor(
      project.tree(), project.scans(), [](const CompilerProfile& profile, const std::string& query) {
        return std::optional<std::int64_t>(query == "__has_cpp_attribute(two)" && (profile.id & 2U) != 0 ? 1
                                                                                                         : 0);
      });
  for (int round = 0; round < 3; ++round) {
    for (const std::uint64_t answers : {0U, 1U, 2U, 3U}) {
      Unit unit = project.unit();
      auto profile = std::make_shared<CompilerProfile>(*unit.profile);
      profile->id = 100 + answers;
      profile->answers_id = 10 + (answers & 1U);
      profile->known_queries = {{"__has_cpp_attribute(one)", static_cast<std::int64_t>(answers & 1U)}};
      unit.profile = profile;
      const FileTree::Snapshot snapshot = project.tree().begin();
      std::set<std::string> names;
      for (const ClosureFile& file : preprocessor.run(snapshot, unit).files) names.insert(file.entry->name);
      EXPECT_EQ(names.contains("one.h"), (answers & 1U) != 0) << answers;
      EXPECT_EQ(names.contains("two.h"), (answers & 2U) != 0) << answers;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Compilers, EvaluationCache, testing::Values("g++", "clang++"),
                         [](const auto& one) { return one.param[0] == 'g' ? "gcc" : "clang"; });

}  // namespace
}  // namespace pump::include_server
