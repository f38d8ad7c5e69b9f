// One client's inside.
#include "sdk/src/core.h"

namespace starling::sdk {
namespace {

constexpr int kMaxPendingEvents = 1'024;
constexpr int kMaxPendingRefusals = 4'096;
constexpr milliseconds kDegradedAfter{1'000};
constexpr milliseconds kCloseWait{5'000};
constexpr int kWarmEveryTicks = 20;

}  // namespace

Core::Core(std::vector<std::string> seeds, ClientOptions options)
    : options_(std::move(options)),
      seeds_(std::move(seeds)),
      home_(std::make_shared<CallHome>()),
      view_(seeds_, options_.discover),
      caller_(home_, channels_, view_, [this](const std::string&) { watcher_.rebalance(); }),
      watcher_(home_, channels_, view_, options_.client_name, hooks()) {}

Core::~Core() { close(); }

Watcher::Hooks Core::hooks() {
  Watcher::Hooks hooks;
  hooks.tick = [this] { tick(); };
  hooks.streaming = [this] {
    std::set<std::string> servers;
    for (const auto& subscriber : subscribers_) servers.insert(subscriber->server());
    for (const auto& presence : presences_) servers.insert(presence->server());
    return servers;
  };
  hooks.lost = [this](const std::string& address) { server_lost(address); };
  hooks.changed = [this] { view_changed(); };
  hooks.news = [this](bool listed) { news(listed); };
  hooks.draining = [this](const std::string& address) {
    ClusterEvent event;
    event.kind = ClusterEvent::Kind::kDraining;
    event.to = address;
    emit(std::move(event));
  };
  hooks.refused = [this](std::string why) { view_.refuse(std::move(why)); };
  return hooks;
}

void Core::start() {
  home_->loop.post([this] { watcher_.start(); });
}

void Core::close() {
  if (closing_.exchange(true)) {
    wait_until_closed();
    return;
  }
  view_.close();
  if (home_->loop.on_loop_thread()) {
    // The last owner was a closure of the loop's: nobody is left to wait for.
    close_on_loop();
    home_->loop.stop();
    dispatcher_.stop();
  } else {
    close_from_outside();
  }
  MutexLock lock(closed_mutex_);
  all_closed_ = true;
  closed_changed_.notify_all();
}

// Whoever closes it second may rely on the same: no callback runs any more.
void Core::wait_until_closed() {
  if (home_->loop.on_loop_thread() || dispatcher_.on_callback_thread()) return;
  const TimePoint deadline = SteadyClock::now() + 2 * kCloseWait;
  MutexLock lock(closed_mutex_);
  while (!all_closed_ && SteadyClock::now() < deadline) {
    closed_changed_.wait_until(closed_mutex_, deadline);
  }
}

void Core::close_from_outside() {
  home_->loop.post([this] { close_on_loop(); });
  // Cancelled calls come back at once; gRPC must be done with them before their home goes. The wait
  // begins once the loop has cancelled them.
  auto cancelled = std::make_shared<Waiter<Unit>>();
  home_->loop.post([cancelled] { cancelled->set(Unit{}); });
  const TimePoint deadline = SteadyClock::now() + kCloseWait;
  (void)cancelled->wait(deadline);
  home_->calls.wait_for_none(deadline);
  home_->loop.stop();
  dispatcher_.stop();
  channels_.clear();
}

void Core::close_on_loop() {
  closed_ = true;
  watcher_.close();
  for (const auto& subscriber : subscribers_) {
    subscriber->stop();
    subscriber->end(closed_error(false));
  }
  subscribers_.clear();
  for (const auto& presence : presences_) {
    presence->stop();
    presence->end(closed_error(false));
  }
  presences_.clear();
  until_listed_.clear();
  const auto writers = std::move(writers_);
  writers_.clear();
  for (const auto& [raw, writer] : writers) writer->close();
  caller_.close();
}

void Core::deliver(std::function<void()> callback) {
  if (!dispatcher_.post(callback)) callback();
}

void Core::when_listed(std::weak_ptr<void> owner, std::function<void()> task) {
  home_->loop.post([this, owner = std::move(owner), task = std::move(task)] {
    if (closed_) return;
    if (connected_) {
      deliver(task);
      return;
    }
    // Bounded by the owners that live.
    std::erase_if(until_listed_, [](const auto& entry) { return entry.first.expired(); });
    until_listed_.emplace_back(owner, task);
  });
}

void Core::deliver_refusal(SendDone done, Error error) {
  auto shared = std::make_shared<SendDone>(std::move(done));
  if (pending_refusals_->fetch_add(1) < kMaxPendingRefusals &&
      dispatcher_.post([shared, error, pending = pending_refusals_] {
        (*shared)(error);
        --*pending;
      })) {
    return;
  }
  --*pending_refusals_;
  (*shared)(std::move(error));
}

std::shared_ptr<Writer> Core::make_writer(const std::string& token) {
  Writer::Env env{home_, channels_, view_, caller_, [this](Writer* writer) {
                    if (orphans_.erase(writer) == 0) return;
                    const auto found = writers_.find(writer);
                    if (found == writers_.end()) return;
                    // Later, since the writer itself is calling.
                    home_->loop.post([kept = found->second] { kept->close(); });
                    writers_.erase(found);
                  }};
  auto writer = std::make_shared<Writer>(std::move(env), token);
  home_->loop.post([this, writer] {
    if (closed_) {
      writer->close();
    } else {
      writers_.emplace(writer.get(), writer);
    }
  });
  return writer;
}

void Core::release_writer(const std::shared_ptr<Writer>& writer) {
  home_->loop.post([this, writer] {
    if (closed_) return;
    if (writer->busy()) {
      orphans_.insert(writer.get());
      return;
    }
    writer->close();
    writers_.erase(writer.get());
  });
}

bool Core::take_send_place() {
  if (queued_sends_.fetch_add(1) < options_.max_queued_writes) return true;
  --queued_sends_;
  return false;
}

std::shared_ptr<Subscriber> Core::make_subscriber(const std::string& token,
                                                  std::optional<Cursor> after,
                                                  std::function<void(const Event&)> on_event,
                                                  const std::string& server) {
  Subscriber::Env env{home_, channels_, view_, dispatcher_, [this](const Message& message) {
                        for (const auto& presence : presences_) {
                          presence->wrote(message.conversation_id, message.sender_id);
                        }
                      }};
  auto subscriber =
      std::make_shared<Subscriber>(std::move(env), token, after, std::move(on_event), server);
  const bool posted = home_->loop.post([this, subscriber] {
    if (closed_) {
      subscriber->end(closed_error(false));
      return;
    }
    subscribers_.insert(subscriber);
    subscriber->start();
  });
  if (!posted) subscriber->end(closed_error(false));
  return subscriber;
}

void Core::release_subscriber(const std::shared_ptr<Subscriber>& subscriber) {
  home_->loop.post([this, subscriber] {
    subscriber->stop();
    subscribers_.erase(subscriber);
  });
}

std::shared_ptr<PresenceWatcher> Core::make_presence(const std::string& token,
                                                     PresenceWatcher::OnPresence on_presence,
                                                     PresenceWatcher::OnTyping on_typing) {
  PresenceWatcher::Env env{home_, channels_, view_, dispatcher_};
  auto presence = std::make_shared<PresenceWatcher>(std::move(env), token, std::move(on_presence),
                                                    std::move(on_typing));
  const bool posted = home_->loop.post([this, presence] {
    if (closed_) {
      presence->end(closed_error(false));
      return;
    }
    presences_.insert(presence);
    presence->start();
  });
  if (!posted) presence->end(closed_error(false));
  return presence;
}

void Core::release_presence(const std::shared_ptr<PresenceWatcher>& presence) {
  home_->loop.post([this, presence] {
    presence->stop();
    presences_.erase(presence);
  });
}

void Core::sends(const std::string& token, std::int64_t conversation_id) {
  for (const auto& presence : presences_) {
    if (presence->token() == token) presence->sends(conversation_id);
  }
}

void Core::tick() {
  check_primary();
  check_degraded();
  for (const auto& [raw, writer] : writers_) writer->tick();
  for (const auto& subscriber : subscribers_) subscriber->tick();
  for (const auto& presence : presences_) presence->tick();
  if (++ticks_ % kWarmEveryTicks != 0) return;
  for (const Server& server : view_.list().servers) {
    if (options_.discover && server.state == ServerState::kUp) channels_.warm(server.address);
  }
}

void Core::server_lost(const std::string& address) {
  if (address == view_.primary_address()) start_failover(address);
  caller_.server_lost(address);
  for (const auto& [raw, writer] : writers_) writer->server_lost(address);
  for (const auto& subscriber : subscribers_) subscriber->server_lost(address);
  for (const auto& presence : presences_) presence->server_lost(address);
}

void Core::view_changed() {
  check_primary();
  caller_.kick();
  for (const auto& [raw, writer] : writers_) writer->view_changed();
}

void Core::news(bool listed) {
  if (listed) {
    channels_.keep_only(view_.candidates());
    if (options_.discover) {
      for (const std::string& address : view_.candidates()) channels_.warm(address);
    }
    ClusterEvent event;
    event.kind = ClusterEvent::Kind::kServersChanged;
    event.servers = view_.list();
    if (!connected_) {
      connected_ = true;
      announce(view_.primary_address());
      ClusterEvent hello;
      hello.kind = ClusterEvent::Kind::kConnected;
      hello.to = announced_primary_;
      emit(std::move(hello));
      for (auto& [owner, task] : std::exchange(until_listed_, {})) {
        if (!owner.expired()) deliver(std::move(task));
      }
    }
    emit(std::move(event));
  }
  const std::string before = announced_primary_;
  check_primary();
  // The push that ends an election: everybody who waits goes to the new primary now.
  if (announced_primary_ != before && !listed) view_changed();
}

void Core::start_failover(const std::string& from) {
  if (failover_.has_value() || !connected_) return;
  // Its end and the news of the next one may be noticed at once, by a client that is busy: it is
  // the last beat that counts, but none from before it was primary.
  const TimePoint led = view_.health(from).led_at.value_or(SteadyClock::now());
  failover_ = {from, std::max(led, announced_at_)};
  ClusterEvent event;
  event.kind = ClusterEvent::Kind::kFailoverStarted;
  event.from = from;
  emit(std::move(event));
}

void Core::announce(const std::string& primary) {
  announced_primary_ = primary;
  announced_at_ = SteadyClock::now();
}

void Core::check_primary() {
  if (!connected_) return;
  const std::string& current = view_.primary_address();
  const bool known = !current.empty() && !view_.health(current).lost;
  if (!failover_.has_value()) {
    if (current == announced_primary_) return;
    if (announced_primary_.empty()) {
      announce(current);
      return;
    }
    start_failover(announced_primary_);
  }
  if (!known) return;
  // The one that was lost counts as found again only once it is heard.
  if (current == failover_->first && !view_.health(current).live) return;
  ClusterEvent event;
  event.kind = ClusterEvent::Kind::kFailedOver;
  event.from = failover_->first;
  event.to = current;
  event.ms =
      std::chrono::duration_cast<milliseconds>(SteadyClock::now() - failover_->second).count();
  failover_.reset();
  announce(current);
  emit(std::move(event));
}

void Core::check_degraded() {
  if (!connected_) return;
  if (watcher_.any_quorum()) {
    no_quorum_since_.reset();
    degraded_ = false;
    return;
  }
  const TimePoint now = SteadyClock::now();
  if (!no_quorum_since_.has_value()) no_quorum_since_ = now;
  if (degraded_ || now - *no_quorum_since_ < kDegradedAfter) return;
  degraded_ = true;
  ClusterEvent event;
  event.kind = ClusterEvent::Kind::kDegraded;
  event.from = announced_primary_;
  emit(std::move(event));
}

void Core::emit(ClusterEvent event) {
  if (!options_.on_cluster_event || closed_) return;
  // Bounded: a callback that blocks loses news, not memory; the next list tells the present state.
  if (pending_events_->load() >= kMaxPendingEvents) return;
  ++*pending_events_;
  const bool posted = dispatcher_.post(
      [callback = options_.on_cluster_event, event = std::move(event), pending = pending_events_] {
        --*pending;
        callback(event);
      });
  if (!posted) --*pending_events_;
}

}  // namespace starling::sdk
