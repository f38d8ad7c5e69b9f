// A cluster that the failover benchmark drives through the clusterctl program.
#pragma once

#include <string>
#include <vector>

namespace starling::bench {

struct Victim {
  std::string name;
  std::string address;
  int pid = 0;
};

// Taken down when destroyed, if it was started here. Methods throw BenchError.
class Cluster {
 public:
  // `clusterctl` empty: beside this program. `name` empty: a new one of `servers` servers.
  Cluster(std::string clusterctl, std::string name, int servers);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  std::vector<std::string> addresses() const;
  Victim primary() const;
  void restart(const std::string& server) const;
  void wait_converged() const;
  const std::string& name() const { return name_; }

 private:
  std::string ask(std::vector<std::string> words, const std::string& what) const;

  const std::string clusterctl_;
  std::string name_;
  bool own_ = false;
};

}  // namespace starling::bench
