// Whatever peers say, in whatever order, while the node's own disk, clock and callers go on: the
// core does not end the process, its term and commit never go back, it says and applies nothing
// that is not durable, and what is on its disk can be started from.
#include "server/transport/convert.h"
#include "tests/fuzz/core_world.h"

namespace starling::fuzz {
namespace {

// Mostly near the places that matter, now and then anything.
core::Index some_index(Bytes& in, const core::State& state) {
  const std::uint8_t how = in.u8();
  const core::Index off = how >> 3;
  switch (how & 7) {
    case 0:
      return off;
    case 1:
      return state.commit_index + off;
    case 2:
      return state.commit_index - off;
    case 3:
      return state.last_index + off;
    case 4:
      return state.last_index - off;
    case 5:
      return state.durable_index;
    case 6:
      return state.base_index + off;
    default:
      return in.u64();
  }
}

core::Term some_term(Bytes& in, const core::State& state) {
  const std::uint8_t how = in.u8();
  const core::Term off = how >> 2;
  switch (how & 3) {
    case 0:
      return state.term;
    case 1:
      return state.term + off;
    case 2:
      return off > state.term ? 0 : state.term - off;
    default:
      return in.u64();
  }
}

core::EntryPtr some_entry(Bytes& in, const core::State& state, core::Index index) {
  auto entry = std::make_shared<core::Entry>();
  const std::uint8_t how = in.u8();
  entry->index = (how & 0x80) != 0 ? some_index(in, state) : index;
  entry->term = (how & 0x40) != 0 ? some_term(in, state) : state.term;
  entry->kind = static_cast<core::EntryKind>(how & 3);  // 3 is none.
  entry->stamp_ms = (how & 0x20) != 0 ? static_cast<core::WallMs>(in.u64()) : 1'700'000'000'000;
  if (entry->kind == core::EntryKind::kConfiguration && (how & 0x10) == 0) {
    core::Configuration members;
    const std::uint8_t which = in.u8();
    for (core::NodeId id = 1; id <= 6; ++id) {
      if ((which >> id & 1) != 0) members.members.push_back({id, "h:1", (which & 0x80) == 0});
    }
    entry->data = core::encode(members);
  } else {
    entry->data = std::string(in.take(in.upto(40)));
  }
  return entry;
}

core::AppendRequest some_append(Bytes& in, const core::State& state) {
  core::AppendRequest request;
  request.prev_index = some_index(in, state);
  request.prev_term = some_term(in, state);
  request.commit = some_index(in, state);
  request.known_durable = in.flag() ? some_index(in, state) : 0;
  core::Index index = request.prev_index;
  for (std::uint64_t i = in.upto(4); i > 0; --i) {
    request.entries.push_back(some_entry(in, state, ++index));
  }
  return request;
}

core::MessageBody some_body(Bytes& in, const core::State& state) {
  switch (in.upto(9)) {
    case 0:
      return core::VoteRequest{in.flag(), in.flag(), some_index(in, state), some_term(in, state)};
    case 1:
      return core::VoteResponse{in.flag(), in.flag()};
    case 2:
      return some_append(in, state);
    case 3:
      return core::AppendResponse{in.flag(), some_index(in, state), some_index(in, state),
                                  some_index(in, state), some_term(in, state)};
    case 4:
      return core::HeartbeatRequest{in.u8(), some_index(in, state), in.u8(), some_index(in, state),
                                    in.flag() ? 99U : in.u64()};
    case 5: {
      core::HeartbeatResponse response{in.u8(), static_cast<core::WallMs>(in.u64()), in.u8(), {}};
      for (std::uint64_t i = in.upto(6); i > 0; --i) response.unreached.push_back(in.u8());
      return response;
    }
    case 6:
      return core::TimeoutNow{};
    case 7:
      return core::ReadIndexRequest{in.u8()};
    case 8:
      return core::ReadIndexResponse{in.u8(), in.flag(), some_index(in, state)};
    default:
      return core::InstallSnapshot{some_index(in, state), some_term(in, state)};
  }
}

void say(Bytes& in, CoreWorld& world) {
  const core::State state = world.state();
  core::Message message = world.message(in.upto(6), some_body(in, state));
  message.term = some_term(in, state);
  world.receive(std::move(message));
}

core::Event own_call(Bytes& in, std::uint64_t id) {
  switch (in.upto(7)) {
    case 0:
    case 1: {
      core::Propose propose;
      for (std::uint64_t i = in.upto(3); i > 0; --i) propose.proposals.push_back({id, "proposed"});
      return propose;
    }
    case 2:
      return core::ChangeMembership{id, static_cast<core::MembershipOp>(in.upto(4)), in.upto(7),
                                    "10.0.0.9:1"};
    case 3:
      return core::Read{id, static_cast<core::TimeUs>(in.u16())};
    case 4:
      return core::Transfer{in.upto(6)};
    case 5:
      return core::PeerUnreachable{in.upto(6)};
    case 6:
      return core::PeerConnected{in.upto(6)};
    default:
      return core::Unreached{{in.u8(), in.u8()}};
  }
}

CoreWorld::Settings some_settings(Bytes& in) {
  CoreWorld::Settings settings;
  const std::uint8_t how = in.u8();
  settings.members = (how & 1) != 0 ? 5 : 3;
  settings.narrow = (how & 2) != 0;
  settings.last = 1 + (how >> 4);
  settings.applied = in.upto(settings.last);
  settings.base = (how & 4) != 0 ? in.upto(settings.applied) : 0;
  return settings;
}

void one_thing(Bytes& in, CoreWorld& world, std::uint64_t id) {
  switch (in.upto(15)) {
    case 0:
      world.receive_bytes(std::string(in.text()), false);
      return;
    case 1:
      world.receive_bytes(std::string(in.text()), true);
      return;
    case 2:
      return world.pass(static_cast<core::TimeUs>(in.u16()) * 16);
    case 3:
      return world.pass_to_deadline();
    case 4:
    case 5:
      return world.persist(1 + in.upto(3));
    case 6:
      return world.apply(in.upto(8));
    case 7:
      return world.answer_log_read();
    case 8:
      return world.compact(in.upto(24));
    case 9:
    case 10:
      return world.step(own_call(in, id));
    case 11:
      if (in.upto(15) == 0) world.step(core::PersistFailed{});
      return;
    default:
      return say(in, world);
  }
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  CoreWorld world(some_settings(in));
  const std::uint8_t begin = in.u8();
  if (begin % 3 == 1) world.become_candidate();
  if (begin % 3 == 2) world.become_leader();
  for (std::uint64_t id = 1; !in.empty() && id <= 300; ++id) one_thing(in, world, id);
  world.restart();
  world.pass_to_deadline();
  return 0;
}
