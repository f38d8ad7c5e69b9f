// A simulated network between the nodes of a run: delay, loss, duplication, reordering, silent cuts
// of single directions, and connections that end with notice (a process that died) or without.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "server/core/messages.h"
#include "server/core/types.h"

namespace starling::sim {

class World;

// Chances are per thousand messages.
struct Weather {
  core::TimeUs low_us = 100;
  core::TimeUs high_us = 1'000;
  std::uint32_t loss = 0;
  std::uint32_t duplication = 0;
  std::uint32_t reordering = 0;
  std::uint32_t delay = 0;
  core::TimeUs delay_us = 0;  // The most that a delayed message waits longer.
  std::uint32_t late_copies = 0;
  core::TimeUs late_us = 0;  // When the latest of them come.
};

// Nodes are named by their number, from 1.
class Network {
 public:
  Network(World& world, int nodes);

  void send(int from, int to, const core::Message& message);

  Weather& weather() { return weather_; }
  void cut(int from, int to);
  void mend(int from, int to);
  bool is_cut(int from, int to) { return link(from, to).cut; }
  // Ends every cut.
  void mend_all();
  // The connection of a and b ends with notice on both sides and stays away until repair().
  void sever(int a, int b);
  void repair(int a, int b);
  // The process is gone: with notice, its sockets close; without, nobody is told.
  void died(int node, bool notice);
  // Connects every pair that could be connected and is not.
  void reconnect();

  // Held messages wait until they are released (in order) or dropped.
  void hold(int from, int to);
  void release(int from, int to);
  void drop_held(int from, int to);

 private:
  struct Link {
    bool connected = false;
    bool cut = false;
    bool severed = false;
    bool held = false;
    std::uint64_t life = 0;  // Messages of an earlier connection are lost.
    core::TimeUs last_arrival_us = 0;
    std::deque<core::Message> waiting;
  };
  Link& link(int from, int to) { return links_[from * stride_ + to]; }
  void disconnect(int a, int b);
  void dispatch(int from, int to, const core::Message& message);
  void arrive(int from, int to, std::uint64_t life, const core::Message& message);
  void tell_unreachable(int listener, int gone);

  World& world_;
  int nodes_;
  int stride_;
  std::vector<Link> links_;
  Weather weather_;
};

}  // namespace starling::sim
