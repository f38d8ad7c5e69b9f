// The loop's mailbox. The condition is signalled only when the loop waits: a busy loop costs its
// producers no system call.
#include "server/node/mailbox.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "server/node/clock.h"

namespace starling::node {

void Batch::clear() {
  events.clear();
  proposals.clear();
  barriers.clear();
  memberships.clear();
  transfers.clear();
  list.reset();
  fetching.clear();
  stop = false;
}

bool Mailbox::wake_locked() {
  const bool notify = waiting_ && !signalled_;
  if (notify) signalled_ = true;
  return notify;
}

bool Mailbox::push_message(core::Message message) {
  bool notify = false;
  {
    MutexLock lock(mutex_);
    if (closed_ || messages_ >= max_messages_) return false;
    ++messages_;
    batch_.events.push_back({now_us(), core::Receive{std::move(message)}});
    notify = wake_locked();
  }
  if (notify) condition_.notify_one();
  return true;
}

void Mailbox::push_event(core::Event event) {
  bool notify = false;
  {
    MutexLock lock(mutex_);
    if (closed_) return;
    batch_.events.push_back({now_us(), std::move(event)});
    notify = wake_locked();
  }
  if (notify) condition_.notify_one();
}

void Mailbox::push_events(std::vector<core::Event>& events) {
  bool notify = false;
  {
    MutexLock lock(mutex_);
    if (!closed_) {
      const core::TimeUs now = now_us();
      for (core::Event& event : events) batch_.events.push_back({now, std::move(event)});
      notify = wake_locked();
    }
  }
  events.clear();
  if (notify) condition_.notify_one();
}

template <typename Request>
bool Mailbox::push_to(std::vector<Request> Batch::*queue, Request& request, std::size_t limit) {
  bool notify = false;
  {
    MutexLock lock(mutex_);
    std::vector<Request>& waiting = batch_.*queue;
    if (closed_ || waiting.size() >= limit) return false;
    waiting.push_back(std::move(request));
    notify = wake_locked();
  }
  if (notify) condition_.notify_one();
  return true;
}

bool Mailbox::push(ProposeRequest& request) {
  return push_to(&Batch::proposals, request, max_messages_);
}
bool Mailbox::push(BarrierRequest& request) {
  return push_to(&Batch::barriers, request, max_requests_);
}
bool Mailbox::push(MembershipRequest& request) {
  return push_to(&Batch::memberships, request, max_requests_);
}
bool Mailbox::push(TransferRequest& request) {
  return push_to(&Batch::transfers, request, max_requests_);
}

void Mailbox::push_list(transport::ServerList list) {
  bool notify = false;
  {
    MutexLock lock(mutex_);
    if (closed_) return;
    const auto age = [](const transport::ServerList& l) { return std::tie(l.term, l.version); };
    if (!batch_.list || age(*batch_.list) <= age(list)) batch_.list = std::move(list);
    notify = wake_locked();
  }
  if (notify) condition_.notify_one();
}

void Mailbox::push_fetching(core::NodeId node) {
  MutexLock lock(mutex_);
  std::vector<core::NodeId>& waiting = batch_.fetching;
  const bool there = std::find(waiting.begin(), waiting.end(), node) != waiting.end();
  if (!closed_ && !there && waiting.size() < max_requests_) waiting.push_back(node);
}

void Mailbox::stop() {
  {
    MutexLock lock(mutex_);
    batch_.stop = true;
  }
  condition_.notify_all();
}

void Mailbox::close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

bool Mailbox::something_locked() const {
  return !batch_.events.empty() || !batch_.proposals.empty() || !batch_.barriers.empty() ||
         !batch_.memberships.empty() || !batch_.transfers.empty() || batch_.list || batch_.stop;
}

void Mailbox::take(Batch& batch, SteadyTime deadline) {
  batch.clear();
  MutexLock lock(mutex_);
  while (!something_locked() && std::chrono::steady_clock::now() < deadline) {
    waiting_ = true;
    signalled_ = false;
    condition_.wait_until(mutex_, deadline);
    waiting_ = false;
  }
  std::swap(batch, batch_);
  messages_ = 0;
}

}  // namespace starling::node
