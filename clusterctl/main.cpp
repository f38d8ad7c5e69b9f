// clusterctl: start, inspect, break and mend Starling clusters. See clusterctl --help.
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/options.h"
#include "clusterctl/platform.h"

namespace {

int report(int exit_code, const std::string& message, bool json) {
  std::cerr << "clusterctl: " << message << "\n";
  if (json) {
    const nlohmann::ordered_json object = {{"ok", false}, {"error", message}, {"exit", exit_code}};
    std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace starling::ctl;
  Options options;
  try {
    options = parse_command_line(argc, argv);
    if (options.command == "help" || options.command == "version") {
      std::cout << options.text;
      return kDone;
    }
    catch_interrupts();
    return run_command(options);
  } catch (const Failure& failure) {
    return report(failure.exit_code(), failure.what(), options.json);
  } catch (const std::exception& error) {
    return report(kFailed, error.what(), options.json);
  }
}
