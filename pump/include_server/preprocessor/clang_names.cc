#include "pump/include_server/preprocessor/clang_names.h"

namespace pump::include_server {

void ClangNames::begin_unit(const Unit& unit) {
  unit_ = &unit;
  first_entries_.clear();
  found_through_link_.clear();
  directory_names_.clear();
  entered_from_.clear();
}

ClangNames::FileId ClangNames::id_of(const SourceFile& file) {
  return {file.entry->status.device, file.entry->status.inode};
}

const Entry* ClangNames::add_file(const Resolution& found) {
  const Entry* const entry = found.file->entry;
  const auto [first, inserted] = first_entries_.try_emplace(id_of(*found.file), entry);
  if (!inserted) return first->second;
  if (found.parent != entry->parent) found_through_link_[entry] = found.parent;
  return nullptr;
}

void ClangNames::add_directory(const Resolution& found) {
  directory_names_.try_emplace(found.parent, found.directory);
}

void ClangNames::enter(const Resolution& entered) {
  entered_from_.try_emplace(first_entry_of(*entered.file), entered.directory);
}

const Entry* ClangNames::first_entry_of(const SourceFile& file) const {
  const auto first = first_entries_.find(id_of(file));
  return first == first_entries_.end() ? file.entry : first->second;
}

ClangNames::Name ClangNames::directory_of(const Resolution& includer) const {
  const Dialect& dialect = unit_->profile->dialect;
  const DirectoryNaming naming = dialect.directories;
  if (includer.file == nullptr ||
      (naming == DirectoryNaming::OfFile && dialect.files == FileNaming::EachInclude))
    return {includer.directory};
  const Entry* const entry = first_entry_of(*includer.file);
  const auto link = found_through_link_.find(entry);
  const Directory* const parent = link == found_through_link_.end() ? entry->parent : link->second;
  const auto first = directory_names_.find(parent);
  if (naming == DirectoryNaming::First)
    return {first == directory_names_.end() ? includer.directory : first->second};
  const auto entered = entered_from_.find(entry);
  const Symbol own = entered == entered_from_.end() ? includer.directory : entered->second;
  if (naming != DirectoryNaming::Unsure) return {own};
  const SearchPath::FirstName* const searched = unit_->search->first_name_of(parent);
  const bool differs = (searched != nullptr && searched->name != spelling(own)) ||
                       (first != directory_names_.end() && first->second != own);
  return {own, !differs};
}

ClangNames::Name ClangNames::working_directory() const {
  static const Symbol kHere = intern(".");
  const DirectoryNaming naming = unit_->profile->dialect.directories;
  if (naming == DirectoryNaming::OfFile) return {kHere};
  // An option or the source may have named the working directory before.
  const SearchPath::FirstName* const searched = unit_->search->first_name_of(unit_->cwd_directory);
  const auto found = directory_names_.find(unit_->cwd_directory);
  const Symbol name = searched != nullptr               ? intern(searched->name)
                      : found != directory_names_.end() ? found->second
                                                        : kHere;
  return {name, naming != DirectoryNaming::Unsure || name == kHere};
}

}  // namespace pump::include_server
