// clusterctl logs: a server's log, once or as it grows.
#include <fstream>
#include <iostream>
#include <thread>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

void print_line(const Options& options, const std::string& server, const std::string& line) {
  if (!options.json) {
    std::cout << line << "\n";
    return;
  }
  const nlohmann::ordered_json object = {{"server", server}, {"line", line}};
  std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

// Where the last `lines` lines begin.
std::streamoff start_of_last(std::ifstream& file, int lines) {
  std::vector<std::streamoff> starts;
  std::streamoff start = 0;
  for (std::string line; std::getline(file, line); start = file.tellg()) {
    starts.push_back(start);
    if (file.eof()) break;
  }
  file.clear();
  const auto wanted = static_cast<std::size_t>(lines);
  if (starts.empty() || starts.size() <= wanted) return 0;
  return starts[starts.size() - wanted];
}

}  // namespace

int run_logs(const Options& options) {
  Cluster cluster = open_for_reading(options);
  const std::string server = cluster.resolve(options.server).name;
  const std::string path = cluster.manifest().log_path(server);
  std::ifstream file(path);
  if (!file) {
    throw Failure(kFailed, "there is no log at " + path + ": " + server + " was never started");
  }
  if (options.lines > 0) {
    const auto start = start_of_last(file, options.lines);
    file.seekg(start);
  }
  std::string partial;  // The server may be in the middle of a line.
  while (!interrupted() && std::cout) {
    std::string line;
    if (std::getline(file, line)) {
      partial += line;
      if (!file.eof()) {
        print_line(options, server, partial);
        partial.clear();
        continue;
      }
    }
    if (!options.follow) break;
    std::cout << std::flush;
    file.clear();
    std::this_thread::sleep_for(milliseconds(50));
  }
  if (!partial.empty() && !options.follow) print_line(options, server, partial);
  return kDone;
}

}  // namespace starling::ctl
