#include "tests/oracle/reply_check.h"

#include <fmt/format.h>
#include <lzo/lzo1x.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "tests/tools/wire_client.h"

namespace pump::oracle {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kForcing = "/forcing_technique_271828";

/// True if both lines include the same file, one by its absolute path, the other relative to `directory`.
bool same_include(const std::string& line, const std::string& other, const fs::path& directory) {
  const auto split = [](const std::string& text, std::string& name) {
    const std::size_t begin = text.find_first_of("\"<"), end = text.find_last_of("\">");
    if (begin == std::string::npos || end <= begin) return text;
    name = text.substr(begin + 1, end - begin - 1);
    return text.substr(0, begin) + text.substr(end + 1);
  };
  std::string name, other_name;
  if (split(line, name) != split(other, other_name) || !name.starts_with('/')) return false;
  std::error_code error;
  return fs::equivalent(name, directory / other_name, error);
}

/// True if `copy` is `source` with absolute includes made relative and with added lines: #line directives
/// with their pragmas, and newlines at the end.
bool is_source_made_to_travel(const std::string& source, const std::string& copy, const fs::path& directory) {
  std::istringstream wanted(source), got(copy);
  std::string line, other;
  bool have = static_cast<bool>(std::getline(wanted, line));
  while (std::getline(got, other)) {
    if (have && (line == other || line == "\xef\xbb\xbf" + other || same_include(line, other, directory))) {
      have = static_cast<bool>(std::getline(wanted, line));
    } else if (!other.empty() && other.find("#line") == std::string::npos && !other.starts_with("# ") &&
               !other.starts_with("#pragma GCC diagnostic ignored")) {
      // A directive may precede the text of the line, if it cannot be on its own line.
      return false;
    }
  }
  return !have;
}

struct Sent {
  std::set<std::string> names, files, links, directories;
};

/// As gcc (content, size, second) or clang (inode) compares files.
bool is_one_for_the_compiler(const std::string& name, const std::string& other) {
  struct stat mine = {}, its = {};
  if (::lstat(name.c_str(), &mine) != 0 || ::lstat(other.c_str(), &its) != 0 || !S_ISREG(mine.st_mode) ||
      !S_ISREG(its.st_mode))
    return false;
  const bool one_inode = mine.st_ino == its.st_ino && mine.st_dev == its.st_dev;
  if (one_inode || mine.st_mtime != its.st_mtime) return one_inode;
  const auto text = os::read_file(name), other_text = os::read_file(other);
  return text && other_text && *text == *other_text;
}

void check_link(const std::string& path, const std::string& name, Sent& sent,
                std::vector<std::string>& defects) {
  const std::string target = fs::read_symlink(path).string();
  if (target.starts_with("../")) return;  // a default directory of the compiler
  std::error_code error;
  if (is_one_for_the_compiler(name, target)) {  // a link there gives it that content, time and inode
    sent.files.insert(name);
    return;
  }
  sent.links.insert(name);
  if (!fs::is_symlink(name, error)) {
    defects.push_back(fmt::format("link sent for {}, which is not a link", name));
  } else if (fs::weakly_canonical(name, error) != fs::weakly_canonical(target, error)) {
    defects.push_back(fmt::format("link {} points to {}, the original does not", name, target));
  }
}

void check_file(const std::string& path, const std::string& name, Sent& sent,
                std::vector<std::string>& defects) {
  sent.files.insert(name);
  std::error_code error;
  if (fs::canonical(name, error) != name)
    defects.push_back(fmt::format("file sent at {}, which is not its real path", name));
  const auto source = os::read_file(name);
  if (!source) return defects.push_back(fmt::format("no source for the mirror file {}", path));
  const std::string copy = decompress(path);
  if (copy == *source) return;
  const bool padded =
      copy.starts_with(*source) && copy.find_first_not_of('\n', source->size()) == std::string::npos;
  if (!padded && !is_source_made_to_travel(*source, copy, fs::path(name).parent_path()))
    defects.push_back(fmt::format("mirror file {} differs from its source", path));
}

void check_structure(const Sent& sent, std::vector<std::string>& defects) {
  for (const std::string& link : sent.links)
    for (const std::string& name : sent.names)
      if (name.starts_with(link + "/"))
        defects.push_back(fmt::format("{} is sent below the link {}", name, link));
  for (const std::string& directory : sent.directories)
    if (std::any_of(sent.files.begin(), sent.files.end(),
                    [&](const std::string& file) { return file.starts_with(directory + "/"); }))
      defects.push_back(fmt::format("needless directory {}: a file below it is sent", directory));
}

void report(std::vector<std::string>& defects, const std::vector<std::string>& surplus, std::size_t granted,
            std::string_view what) {
  if (surplus.size() <= granted) return;
  std::string all;
  for (const std::string& name : surplus) all += " " + name;
  defects.push_back(fmt::format("{} needless {}:{}", surplus.size(), what, all));
}

std::vector<std::string> difference(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::vector<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace

std::string decompress(const std::string& mirror_path) {
  const auto packed = os::read_file(mirror_path);
  if (!packed) throw std::runtime_error(packed.error().message);
  static const bool ready = lzo_init() == LZO_E_OK;
  if (!ready) throw std::runtime_error("lzo_init failed");
  std::string out(std::max<std::size_t>(packed->size() * 8, 1U << 16U), '\0');
  for (;;) {
    lzo_uint size = out.size();
    const int status =
        lzo1x_decompress_safe(reinterpret_cast<const unsigned char*>(packed->data()), packed->size(),
                              reinterpret_cast<unsigned char*>(out.data()), &size, nullptr);
    if (status == LZO_E_OK) {
      out.resize(size);
      return out;
    }
    if (status != LZO_E_OUTPUT_OVERRUN || out.size() > (1U << 30U))
      throw std::runtime_error(fmt::format("{} is not an LZO1X block ({})", mirror_path, status));
    out.assign(out.size() * 2, '\0');
  }
}

ReplyReport check_reply(const std::vector<std::string>& reply, const Case& project, const Opened& opened,
                        const std::string& root) {
  ReplyReport result;
  Sent sent;
  result.entries = reply.size();
  for (const std::string& path : reply) {
    std::string name = tools::original_name(path);
    if (!sent.names.insert(name).second) result.defects.push_back("sent twice: " + name);
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (name.ends_with(kForcing)) {
      name.resize(name.size() - kForcing.size());
      sent.directories.insert(name);
      if (!fs::is_directory(name)) result.defects.push_back("forced directory does not exist: " + name);
      if (!fs::exists(status)) result.defects.push_back("mirror file missing: " + path);
    } else if (fs::is_symlink(status)) {
      check_link(path, name, sent, result.defects);
    } else if (fs::is_regular_file(status)) {
      check_file(path, name, sent, result.defects);
    } else {
      result.defects.push_back("mirror file missing: " + path);
    }
  }
  check_structure(sent, result.defects);

  std::set<std::string> needed = opened.files, followed;
  for (const std::string& path : opened.spelled) links_on_the_way(path, followed);
  for (const std::string& path : project.without) needed.erase(root + "/" + path);
  for (const std::string& path : project.also) needed.insert(root + "/" + path);
  for (const std::string& name : difference(needed, sent.files)) result.defects.push_back("missing: " + name);
  for (const std::string& path : project.never)
    if (sent.names.contains(root + "/" + path)) result.defects.push_back("must not be sent: " + path);
  std::set<std::string> allowed = needed;
  for (const std::string& path : project.without) allowed.insert(root + "/" + path);
  report(result.defects, difference(sent.files, allowed), project.surplus, "files");
  report(result.defects, difference(sent.links, followed), project.surplus_links, "links");
  if (sent.directories.size() > project.surplus_directories)
    report(result.defects, {sent.directories.begin(), sent.directories.end()}, project.surplus_directories,
           "directories");
  std::erase_if(followed, [&](const std::string& link) { return !link.starts_with(root + "/"); });
  result.needed =
      needed.size() + followed.size() + std::min(sent.directories.size(), project.surplus_directories);
  return result;
}

}  // namespace pump::oracle
