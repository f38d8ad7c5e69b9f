// What a Node is made of: the threads and how they hang together. Internal to server/node.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/node/applier.h"
#include "server/node/checkpointer.h"
#include "server/node/log_reader.h"
#include "server/node/log_writer.h"
#include "server/node/loop.h"
#include "server/node/mailbox.h"
#include "server/node/node.h"
#include "server/node/reader_pool.h"
#include "server/node/returner.h"
#include "server/node/snapshots.h"
#include "server/node/text_index.h"
#include "spdlog/spdlog.h"

namespace starling::node {

core::Options core_options(const NodeOptions& options, const storage::Identity& identity);
[[noreturn]] void end_process(const std::string& sentence);

// Without a primary for so long a server asks whether it is still a member.
inline constexpr std::uint64_t kLostElections = 10;

struct Node::Impl {
  Impl(const NodeOptions& given, Opened given_opened)
      : options(given),
        opened(std::move(given_opened)),
        started(std::chrono::steady_clock::now()),
        mailbox(options.max_messages, options.max_waiters),
        log_writer(*opened.log, *opened.vote, mailbox, [this](const std::string& s) { fatal(s); }),
        log_reader(*opened.log, mailbox, [this](const std::string& s) { fatal(s); }),
        applier(options, *opened.store, applier_hooks()),
        snapshots(options, *opened.directory, chat_path(), log_reader,
                  {.applied = [this] { return applier.applied_index(); },
                   .log_base = [this] { return loop.published().state.base_index; }}),
        fetcher(*opened.directory, opened.identity, fetcher_hooks()),
        text_index(index_files(), options.max_waiters,
                   {.applied = [this] { return applier.applied_index(); }}),
        checkpointer(options, *opened.directory, *opened.log, *opened.store, checkpointer_hooks()),
        loop(options, core_options(options, opened.identity), opened.restored, loop_parts()),
        returner(opened.identity, options.address, returner_hooks()) {
    opened.restored = {};
  }

  Applier::Hooks applier_hooks() {
    return {.publish =
                [this](const std::vector<chat::Event>& events, core::Index index) {
                  transport->publish_events(events, index);
                  text_index.news();
                },
            .read_log =
                [this](core::Index from, core::Index to, std::size_t bytes,
                       std::vector<core::EntryPtr>& out) {
                  return log_reader.read(from, to, bytes, out);
                },
            .fatal = [this](const std::string& sentence) { fatal(sentence); },
            .damaged = [this](const std::string& reason) { damaged(reason); },
            .answered = [this](std::size_t count) { answered(count); }};
  }

  std::string chat_path() const { return opened.directory->file_path(opened.log->chat_file()); }

  TextIndex::Files index_files() {
    const std::string history =
        std::to_string(opened.identity.cluster) + "/" + std::to_string(opened.identity.epoch);
    return {*opened.directory, chat_path(), history};
  }

  SnapshotFetcher::Hooks fetcher_hooks() {
    return {.address =
                [this](core::NodeId id) {
                  for (const auto& [member, address] : known_members()) {
                    if (member == id) return address;
                  }
                  return std::string();
                },
            .applied = [this] { return applier.applied_index(); },
            .arrived =
                [this] {
                  spdlog::info("a snapshot has come: starting again from it");
                  if (options.on_snapshot) options.on_snapshot();
                }};
  }

  Returner::Hooks returner_hooks() {
    return {.ask = [this] { return askable(); },
            .say = [](const std::string& sentence) { spdlog::info("{}", sentence); },
            .newer_epoch =
                [this](const std::string& address) {
                  if (options.on_newer_epoch) options.on_newer_epoch(address);
                }};
  }

  std::vector<std::string> askable() const {
    const Published published = loop.published();
    std::vector<std::string> addresses;
    const transport::NodeStatus now = status();
    const bool lost =
        now.role == transport::ServerRole::kNone && !failed &&
        now.quorum_contact_age_ms >= kLostElections * std::uint64_t(options.election_ms);
    if (!lost || published.configuration->find(now.id) == nullptr) return addresses;
    for (const auto& [id, address] : known_members()) {
      if (id != now.id) addresses.push_back(address);
    }
    return addresses;
  }

  // As the primary's list has them, then as the own configuration does: one that was away for long
  // may have none of today's members in it.
  std::vector<std::pair<core::NodeId, std::string>> known_members() const {
    std::vector<std::pair<core::NodeId, std::string>> known;
    for (const transport::ListedServer& server : loop.list().servers) {
      known.emplace_back(server.id, server.address);
    }
    for (const core::Member& member : loop.published().configuration->members) {
      const bool listed = std::any_of(known.begin(), known.end(),
                                      [&](const auto& one) { return one.first == member.id; });
      if (!listed) known.emplace_back(member.id, member.address);
    }
    return known;
  }

  Checkpointer::Hooks checkpointer_hooks() {
    return {.fatal = [this](const std::string& sentence) { fatal(sentence); },
            .damaged = [this](const std::string& reason) { damaged(reason); },
            .floor = [this] { return snapshots.floor(); },
            .compact = [this](core::Index index) { loop.compact_to(index); }};
  }

  Loop::Parts loop_parts() {
    return {.mailbox = mailbox,
            .log_writer = log_writer,
            .log_reader = log_reader,
            .applier = applier,
            .fetch_snapshot = [this](core::NodeId from,
                                     core::Index index) { fetcher.want(from, index); },
            .compact = [this](core::Index index) { opened.log->compact_to(index); },
            .status = [this] { return status(); },
            .answered = [this](std::size_t count) { answered(count); },
            .fault = [this](core::Fault fault) { faulty(fault); }};
  }

  // On the loop, which has nothing left to do: it may wait for the disk.
  void faulty(core::Fault fault) {
    switch (fault) {
      case core::Fault::kNone:
      case core::Fault::kDisk:
        return;  // The thread that met the error tells it.
      case core::Fault::kLogLost: {
        const std::string reason =
            "its log ends below what this server had acknowledged as durable, so its vote cannot "
            "be trusted";
        const storage::Status status = opened.directory->condemn(reason);
        if (!status.ok()) spdlog::error("the directory could not be marked: {}", status.message());
        return fatal(reason + "; set the data directory aside and join as a new server");
      }
      case core::Fault::kDiverged:
        return fatal(
            "the primary's log differs from what is committed here: a server of this "
            "cluster has broken a promise");
    }
  }

  // The next start makes the chat store anew (rebuild.h).
  void damaged(const std::string& reason) {
    const storage::Status status = opened.directory->mark_damaged(opened.log->chat_file(), reason);
    if (!status.ok()) spdlog::error("the chat store could not be marked: {}", status.message());
    spdlog::warn("the chat store is damaged: the next start rebuilds it");
  }

  void fatal(const std::string& sentence) {
    if (failed.exchange(true)) return;
    if (!options.on_fatal) end_process(sentence);
    spdlog::critical("{}", sentence);
    options.on_fatal(sentence);
  }

  void answered(std::size_t count) { proposals.fetch_sub(count, std::memory_order_relaxed); }

  transport::NodeStatus status() const;

  const NodeOptions options;
  Opened opened;
  const SteadyTime started;
  transport::Transport* transport = nullptr;
  std::atomic<bool> draining{false};
  std::atomic<bool> failed{false};
  std::atomic<std::size_t> proposals{0};
  bool stopped = false;
  StoreReaders readers;
  Mailbox mailbox;
  LogWriter log_writer;
  LogReader log_reader;
  Applier applier;
  Snapshots snapshots;
  SnapshotFetcher fetcher;
  TextIndex text_index;
  Checkpointer checkpointer;
  Loop loop;
  Returner returner;
};

}  // namespace starling::node
