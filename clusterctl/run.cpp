// From a command's name to what it does.
#include <array>
#include <utility>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"

namespace starling::ctl {

int run_command(const Options& options) {
  using Run = int (*)(const Options&);
  static constexpr std::array<std::pair<const char*, Run>, 18> kCommands{
      {{"up", run_up},
       {"down", run_down},
       {"status", run_status},
       {"wait", run_wait},
       {"kill", run_kill},
       {"pause", run_pause},
       {"resume", run_resume},
       {"restart", run_restart},
       {"recover", run_recover},
       {"join", run_join},
       {"leave", run_leave},
       {"transfer", run_transfer},
       {"isolate", run_isolate},
       {"partition", run_partition},
       {"slow", run_slow},
       {"heal", run_heal},
       {"logs", run_logs},
       {"demo", run_demo}}};
  for (const auto& [name, run] : kCommands) {
    if (options.command == name) return run(options);
  }
  throw Failure(kUsage, "unknown command \"" + options.command + "\"");
}

}  // namespace starling::ctl
