// Reads and scans, on idle workers, files that a unit will probably open: while its compiler is being asked
// for its defaults, and while the walk is still at the source's first #include. Where all workers have
// clients there is nobody idle; but a walk that needs a file which another worker is reading reads on itself
// meanwhile, instead of following him from file to file.
//
// A guess: conditions are not evaluated, names are looked for beside the includer and along the search path.
// The last #include comes first, so that the walk, which starts with the first, does not follow step by step.
// What was guessed wrongly has cost an idle processor something; nothing is recorded for the unit.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "pump/include_server/answer/early_copies.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/preprocessor.h"
#include "pump/include_server/support/spare_jobs.h"
#include "pump/include_server/unit/unit_builder.h"

namespace pump::include_server {

/// For one request, one thread. Its destruction ends the reading, of what has not begun.
class ReadAhead : public WhileAsking {
 public:
  ReadAhead(FileTree& tree, ScanCache& scans, SpareJobs& jobs, std::shared_ptr<JobOrigin> origin);
  ~ReadAhead() { stop(); }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// The source and what it includes. For a request that is about to wait for the compiler: SpareJobs::offer.
  void early_unit(const EarlyUnit& unit) override;
  /// What of it was not found in the unit's own directories.
  void default_directories(std::vector<Directory*> directories) override;
  /// What the source includes; takes the place of the early unit.
  void begin(const Unit& unit, const ClosureFile& source);
  /// The walk has to wait for another worker: reads one more of these, here and now. False where none is
  /// left.
  bool meanwhile();

 private:
  struct State;
  struct Begun {
    const Unit* unit = nullptr;
    ContentHash source;
    Directory* beside = nullptr;  ///< the source
  };
  void stop();
  /// What the source includes. nullptr where its scan is gone.
  std::shared_ptr<State> includes_of(const Begun& begun);

  FileTree& tree_;
  ScanCache& scans_;
  SpareJobs& jobs_;
  std::shared_ptr<JobOrigin> origin_;
  std::shared_ptr<State> state_;
  std::optional<Begun> begun_;
  std::shared_ptr<State> meanwhile_;  ///< worked at by meanwhile() alone
};

}  // namespace pump::include_server
