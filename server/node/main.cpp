// starlingd: one server. Reads the command line, opens or makes the data directory, serves until it
// is asked to stop. Exit codes: 0 stopped in order, 1 failed, 2 usage.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "server/node/config.h"
#include "server/node/node.h"
#include "server/node/port_platform.h"
#include "server/node/signals_platform.h"
#include "server/node/startup.h"
#include "server/transport/link_faults.h"
#include "server/transport/server.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace {

using namespace starling;

constexpr auto kDrainTime = std::chrono::milliseconds(1'000);
constexpr auto kCallsTime = std::chrono::milliseconds(500);

int fail(const std::string& sentence) {
  std::cerr << "starlingd: " << sentence << std::endl;
  return 1;
}

void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("starlingd"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  spdlog::set_level(spdlog::level::from_str(level));
}

// A start may wait for another server's answer. Who asks it to stop need not: the directory is safe
// against an end at any point.
class StopWhileStarting {
 public:
  explicit StopWhileStarting(const std::atomic<bool>& requested)
      : thread_([this, &requested] { watch(requested); }) {}
  ~StopWhileStarting() {
    started_ = true;
    thread_.join();
  }
  StopWhileStarting(const StopWhileStarting&) = delete;
  StopWhileStarting& operator=(const StopWhileStarting&) = delete;

 private:
  void watch(const std::atomic<bool>& requested) {
    for (int looks = 0; !started_ && looks < kGraceLooks; std::this_thread::sleep_for(kLook)) {
      if (requested) ++looks;
    }
    if (started_) return;
    spdlog::info("stopped while starting");
    spdlog::default_logger()->flush();
    std::_Exit(0);
  }

  static constexpr auto kLook = std::chrono::milliseconds(20);
  static constexpr int kGraceLooks = 10;
  std::atomic<bool> started_{false};
  std::thread thread_;
};

bool open_unless_stopped(const node::StartRequest& request, node::Opened& opened,
                         std::string& error) {
  const StopWhileStarting stop(*request.stop);
  return node::open_data(request, opened, error);
}

// One run of a server: from the data directory to its end.
class Run {
 public:
  Run(const node::NodeOptions& options, node::StopSignals& signals)
      : options_(options), signals_(signals) {
    options_.on_snapshot = [this] { signals_.wake(); };
    options_.on_newer_epoch = [this](const std::string& address) {
      newer_epoch_at_ = address;
      signals_.wake();
    };
  }

  // False with a sentence; without one, a signal came while it started.
  bool start(const node::StartRequest& request, const std::string& bound, std::string& error) {
    node::Opened opened;
    if (!open_unless_stopped(request, opened, error)) {
      if (signals_.requested()) error.clear();
      return false;
    }
    transport::ServerOptions server;
    server.listen = bound;
    server.advertise = options_.address;
    server.cluster = opened.identity.cluster;
    server.epoch = opened.identity.epoch;
    server.id = opened.identity.id;
    node_ = node::Node::make(options_, std::move(opened), error);
    if (node_) server_ = transport::Server::start(server, *node_, error);
    if (!server_) return false;
    node_->start(*server_);
    spdlog::info("server {:016x} of cluster {:016x} serves on {}", server.id, server.cluster,
                 bound);
    return true;
  }

  // Ends it. What is to be put in place before the next run, if anything.
  std::optional<node::FetchedSnapshot> stop() {
    if (signals_.requested()) node_->drain(std::chrono::steady_clock::now() + kDrainTime);
    // The services first: they ask the node until they have ended.
    server_->shutdown(std::chrono::steady_clock::now() + kCallsTime);
    node_->stop();
    return node_->fetched();
  }

  // After stop(): where a server of a later epoch was heard of, if one was.
  const std::string& newer_epoch_at() const { return newer_epoch_at_; }

 private:
  node::NodeOptions options_;
  node::StopSignals& signals_;
  std::string newer_epoch_at_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<transport::Server> server_;  // Ends before its node.
};

int serve(const node::Config& config, node::StopSignals& signals) {
  node::HostPort listen;
  if (!node::parse_address(config.listen, listen)) return fail("no address to listen on");
  std::string error;
  std::unique_ptr<transport::LinkFaults> faults;
  if (!config.fault_file.empty()) faults = transport::LinkFaults::start(config.fault_file, error);
  if (!config.fault_file.empty() && !faults) return fail(error);
  if (!node::claim_port(listen.host, listen.port, error)) return fail(error);
  const std::string bound = node::join_address(listen);

  node::NodeOptions options;
  options.address = config.advertise.empty() ? bound : config.advertise;
  options.heartbeat_ms = config.heartbeat_ms;
  options.election_ms = config.election_ms;
  options.reluctance = config.reluctance;
  options.dead_server_timeout_ms = config.dead_server_timeout_s * 1'000;
  options.log_max_bytes = std::size_t{1'024} * static_cast<std::size_t>(config.log_max_kib);
  options.log_keep_bytes = config.log_keep_kib == 0
                               ? options.log_max_bytes / 2
                               : std::size_t{1'024} * static_cast<std::size_t>(config.log_keep_kib);

  node::StartRequest request;
  request.data = config.data;
  request.address = options.address;
  request.join = config.join;
  // A list that is the same for all names this server as well.
  std::erase(request.join, options.address);
  request.recover = config.recover;
  request.min_epoch = config.min_epoch;
  request.chat_cache_kib = options.chat_cache_kib;
  request.stop = &signals.requested();
  bool told = config.port_file.empty();
  do {
    Run run(options, signals);
    if (!run.start(request, bound, error)) {
      if (!error.empty()) return fail(error);
      spdlog::info("stopped while starting");
      return 0;
    }
    if (!told) told = node::write_small_file(config.port_file, bound, error);
    if (told) signals.wait();
    request.snapshot = run.stop();
    request.recover = 0;  // Done.
    request.heard_at = run.newer_epoch_at();
    if (!told) return fail(error);
  } while (!signals.requested());
  spdlog::info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  node::Config config;
  switch (node::parse_command_line(argc, argv, config)) {
    case node::CommandLine::kDone:
      return 0;
    case node::CommandLine::kUsageError:
      return 2;
    case node::CommandLine::kRun:
      break;
  }
  set_up_log(config.log_level);
  node::StopSignals signals;
  return serve(config, signals);
}
