// starling-bench: how fast a cluster takes sends, and how fast it fails over.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "bench/failover.h"
#include "bench/load.h"
#include "bench/send.h"
#include "bench/stop.h"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

}  // namespace

int main(int argc, char** argv) {
  using namespace starling::bench;
  CLI::App app("Measures a Starling cluster through the client SDK.", "starling-bench");
  app.require_subcommand(1);

  SendOptions send;
  std::string format = "table";
  CLI::App* send_command = app.add_subcommand("send", "Acknowledged sends a second, and latencies");
  send_command->add_option("--servers", send.servers, "Addresses, HOST:PORT[,HOST:PORT]")
      ->required()
      ->delimiter(',');
  send_command->add_option("--in-flight", send.in_flight, "Unanswered sends kept up")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  send_command->add_option("--size", send.size, "Bytes of each body")
      ->check(CLI::Range(1, 16'384))
      ->capture_default_str();
  send_command->add_option("--seconds", send.seconds, "How long to measure")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  send_command->add_option("--warm-up", send.warm_up_seconds, "Seconds before measuring")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  send_command->add_option("--conversations", send.conversations, "Conversations sent to in turn")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  send_command->add_option("--senders", send.senders, "Clients that share the load")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  send_command->add_option("-o,--output", format, "table or json")
      ->check(CLI::IsMember({"table", "json"}));

  FailoverOptions failover;
  CLI::App* failover_command =
      app.add_subcommand("failover", "From the death of a primary to the next acknowledged write");
  failover_command->add_option("--kills", failover.kills, "How many primaries to kill")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  failover_command->add_option("--name", failover.name,
                               "A cluster that clusterctl started; else one is started for this");
  failover_command
      ->add_option("-n,--servers", failover.servers, "Servers of a cluster started here")
      ->check(CLI::Range(3, 9))
      ->capture_default_str();
  failover_command->add_option("--clusterctl", failover.clusterctl,
                               "Path of the clusterctl program");
  failover_command->add_option("--in-flight", failover.in_flight, "Load: unanswered sends kept up")
      ->check(CLI::Range(1, 4'000))
      ->capture_default_str();
  failover_command->add_option("--size", failover.size, "Load: bytes of each body")
      ->check(CLI::Range(1, 16'384))
      ->capture_default_str();
  failover_command->add_option("-o,--output", format, "table or json")
      ->check(CLI::IsMember({"table", "json"}));

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  send.json = failover.json = format == "json";
  if (send.senders > send.in_flight) send.senders = send.in_flight;
  catch_stop_signals();
  try {
    return send_command->parsed() ? run_send(send) : run_failover(failover);
  } catch (const BenchError& error) {
    std::fprintf(stderr, "starling-bench: %s\n", error.message.c_str());
    return kExitFailed;
  }
}
