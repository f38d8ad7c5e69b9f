// clusterctl: start, inspect, break and mend Starling clusters. See clusterctl --help.
#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/options.h"
#include "clusterctl/platform.h"

namespace {

using namespace starling::ctl;

int report(int exit_code, const std::string& message, bool json) {
  std::cerr << "clusterctl: " << message << "\n";
  if (json) {
    const nlohmann::ordered_json object = {{"ok", false}, {"error", message}, {"exit", exit_code}};
    std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  }
  return exit_code;
}

// Output that nobody could keep is a failure, unless its reader has seen enough and gone.
int finish(int exit_code) {
  errno = 0;
  std::cout.flush();
  const int error = errno;
  if (std::cout || stdout_reader_gone()) return exit_code;
  std::cerr << "clusterctl: the output could not be written"
            << (error != 0 ? std::string(": ") + std::strerror(error) : "") << "\n";
  return exit_code == kDone ? kFailed : exit_code;
}

int run(int argc, char** argv) {
  Options options;
  options.json = wants_json(argc, argv);
  try {
    options = parse_command_line(argc, argv);
    if (options.command == "help" || options.command == "version") {
      std::cout << options.text;
      return kDone;
    }
    return run_command(options);
  } catch (const Failure& failure) {
    return report(failure.exit_code(), failure.what(), options.json);
  } catch (const std::exception& error) {
    return report(kFailed, error.what(), options.json);
  }
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  catch_interrupts();
  return finish(run(argc, argv));
}
