// The commands that a log's entries hold: whatever their bytes, applying them gives the same rows,
// outcomes and events in batches of any size, the rolling hash is that of the rows, and what can be
// decoded is encoded as it was. The same for recorded outcomes.
#include "server/chat/commands.h"
#include "tests/fuzz/people.h"

namespace starling::fuzz {
namespace {

struct Entry {
  chat::TimeMs stamp_ms = 0;
  bool has_command = true;
  std::string data;
};

chat::RequestKey some_key(Bytes& in) {
  const auto as_of = in.flag() ? kStartMs : static_cast<chat::TimeMs>(in.u64());
  return {request_id(in.upto(20)), as_of, in.upto(2)};
}

chat::Actor some_actor(Bytes& in, const People& people) {
  const std::uint8_t who = in.u8();
  if (who < 0xF0) return people.actors[who % people.actors.size()];
  return {static_cast<chat::AccountId>(in.u64()), static_cast<chat::SessionId>(in.u64())};
}

std::int64_t some_id(Bytes& in, std::int64_t likely) {
  return in.upto(15) > 0 ? likely : static_cast<std::int64_t>(in.u64());
}

// Of groups and of what is done to messages. Groups are guessed: their ids are places in the log.
chat::Command some_later_command(Bytes& in, const People& people, const chat::Actor& actor) {
  const auto someone = [&] { return some_actor(in, people).account; };
  const std::int64_t group = std::int64_t{in.u8() % 64} << 16;
  const std::int64_t talk = in.flag() ? group : people.conversation;
  const auto seq = [&] { return some_id(in, 1 + in.u8() % 4); };
  switch (in.upto(14)) {
    case 0:
      return chat::CreateGroup{some_key(in), actor, std::string(in.take(in.upto(9))), {someone()}};
    case 1:
      return chat::AddMembers{some_key(in), actor, talk, {someone(), someone()}};
    case 2:
      return chat::RemoveMember{some_key(in), actor, talk, someone()};
    case 3:
      return chat::SetRole{some_key(in), actor, talk, someone(),
                           static_cast<chat::MemberRole>(1 + in.upto(2))};
    case 4:
      return chat::RenameGroup{some_key(in), actor, talk, std::string(in.take(in.upto(9)))};
    case 5:
      return chat::DissolveGroup{some_key(in), actor, talk};
    case 6:
      return chat::EditMessage{some_key(in), actor, talk, seq(), std::string(in.take(in.upto(30)))};
    case 7:
      return chat::React{some_key(in), actor, talk, seq(), std::string(in.take(in.upto(4))),
                         in.flag()};
    case 8:
      return chat::HideMessages{actor, talk, {seq(), seq()}};
    case 9:
      return chat::MarkDelivered{actor, {talk, group}, {seq(), seq()}};
    case 10:
      return chat::SetDraft{some_key(in), actor, talk, std::string(in.take(in.upto(9))), seq()};
    case 11:
      return chat::SetProfile{some_key(in), actor, std::string(in.take(in.upto(9))), ""};
    case 12:
      return chat::ChangePassword{some_key(in), actor, some_id(in, 1), "hash"};
    case 13:
      return chat::EndSession{actor, some_actor(in, people).session};
    default:
      return chat::SetBlock{some_key(in), actor, someone(), in.flag()};
  }
}

// One that makes sense to the store, or nearly so.
chat::Command some_command(Bytes& in, const People& people) {
  const chat::Actor actor = some_actor(in, people);
  const auto conversation = [&] { return some_id(in, people.conversation); };
  switch (in.upto(15)) {
    case 0:
      return chat::CreateAccount{some_key(in), std::string(in.take(in.upto(34))),
                                 std::string(in.take(in.upto(66))), std::string(in.take(4))};
    case 1: {
      chat::TokenHash token{};
      token[0] = in.u8();
      return chat::LogIn{actor.account, some_id(in, 1), token, std::string(in.take(in.upto(66)))};
    }
    case 2:
      return chat::LogOut{actor};
    case 3:
      return chat::DeleteAccount{some_key(in), actor, some_id(in, 1)};
    case 4:
      return chat::OpenDirect{some_key(in), actor, some_actor(in, people).account};
    case 5: {
      chat::Send send{some_key(in), actor, conversation(), std::string(in.take(in.upto(60))),
                      {},           0};
      if (in.upto(3) == 0) send.reply_to = some_id(in, 1);
      if (in.flag()) send.after = request_id(in.upto(20));
      return send;
    }
    case 6:
      return chat::MarkRead{actor, conversation(), some_id(in, 1 + in.u8() % 4)};
    case 7: {
      chat::DeleteMessages remove{some_key(in), actor, conversation(), {}};
      for (std::uint64_t i = in.upto(5); i > 0; --i) remove.seqs.push_back(some_id(in, 2));
      return remove;
    }
    case 8:
      return chat::Void{actor, request_id(in.upto(20))};
    default:
      return some_later_command(in, people, actor);
  }
}

std::vector<Entry> some_log(Bytes& in, const People& people) {
  std::vector<Entry> log;
  chat::TimeMs now_ms = kStartMs;
  while (!in.empty() && log.size() < 40) {
    Entry entry;
    const std::uint8_t how = in.u8();
    // Mostly a moment later, now and then days, now and then any time at all.
    if ((how & 0xF) == 1) now_ms += static_cast<chat::TimeMs>(in.u16()) * 60'000;
    entry.stamp_ms = (how & 0xF) == 2 ? static_cast<chat::TimeMs>(in.u64()) : ++now_ms;
    entry.has_command = (how & 0xF) != 3;
    if ((how & 0x30) == 0x30) {
      entry.data = std::string(in.text());
    } else {
      entry.data = chat::encode(some_command(in, people));
      if ((how & 0x40) != 0) entry.data[in.u8() % entry.data.size()] ^= static_cast<char>(in.u8());
    }
    log.push_back(std::move(entry));
  }
  return log;
}

struct Run {
  std::uint64_t hash = 0;
  std::string outcomes;
  std::string events;
};

void note(const chat::ApplyResult& result, Run& run) {
  for (const chat::Applied& applied : result.outcomes) {
    const std::string bytes = chat::encode(applied.outcome);
    const auto back = chat::decode_outcome(bytes);
    FUZZ_HOLDS(back.has_value() && chat::encode(*back) == bytes);
    run.outcomes += std::to_string(applied.index) + bytes + (applied.outcome.replayed ? "r" : "-");
  }
  for (const chat::Event& event : result.events) {
    run.events += std::to_string(event.position.index) + "." +
                  std::to_string(event.position.ordinal) + " " +
                  std::to_string(static_cast<int>(event.kind)) + event.message.body + ";";
  }
}

Run apply_all(const std::vector<Entry>& log, std::size_t batch) {
  Run run;
  const std::unique_ptr<chat::Store> store = People::get().store();
  chat::ApplyResult result;
  for (std::size_t at = 0; at < log.size();) {
    std::vector<chat::Committed> entries;
    for (; at < log.size() && entries.size() < batch; ++at) {
      entries.push_back({store->applied_index() + 1 + entries.size(), log[at].stamp_ms,
                         log[at].has_command, log[at].data});
    }
    FUZZ_HOLDS(store->apply(entries, result).ok());
    note(result, run);
  }
  FUZZ_HOLDS(store->recompute_hash(run.hash).ok());
  FUZZ_HOLDS(run.hash == store->state_hash());
  return run;
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling;
  using namespace starling::fuzz;
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  if (const auto command = chat::decode_command(whole)) {
    FUZZ_HOLDS(chat::encode(*command) == whole);
  }
  if (const auto outcome = chat::decode_outcome(whole)) {
    FUZZ_HOLDS(chat::encode(*outcome) == whole);
  }
  Bytes in(data, size);
  const std::size_t batch = 2 + in.u8() % 40;
  const std::vector<Entry> log = some_log(in, People::get());
  for (const Entry& entry : log) {
    const auto command = chat::decode_command(entry.data);
    if (command) FUZZ_HOLDS(chat::encode(*command) == entry.data);
  }
  const Run one_by_one = apply_all(log, 1);
  const Run in_batches = apply_all(log, batch);
  FUZZ_HOLDS(one_by_one.hash == in_batches.hash);
  FUZZ_HOLDS(one_by_one.outcomes == in_batches.outcomes);
  FUZZ_HOLDS(one_by_one.events == in_batches.events);
  return 0;
}
