// The small things that travel as bytes: configurations in log entries, request ids, cursors and
// read tokens, server lists. What can be read is written as it was; what cannot be read is refused.
#include "server/core/types.h"
#include "server/transport/convert.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

void configuration(std::string_view bytes) {
  const auto read = core::decode_configuration(bytes);
  if (!read) return;
  FUZZ_HOLDS(core::encode(*read) == bytes);
  core::NodeId previous = core::kNoNode;
  for (const core::Member& member : read->members) {
    FUZZ_HOLDS(member.id > previous);
    previous = member.id;
    FUZZ_HOLDS(read->find(member.id) == &member);
    FUZZ_HOLDS(read->is_voter(member.id) == member.voter);
  }
  FUZZ_HOLDS(read->find(core::kNoNode) == nullptr);
  FUZZ_HOLDS(read->voter_count() <= read->members.size());
  FUZZ_HOLDS(2 * read->quorum() > read->voter_count());
}

void made_configuration(Bytes& in) {
  core::Configuration made;
  core::NodeId id = 0;
  while (!in.empty() && made.members.size() < 12) {
    id += 1 + in.u8();
    const bool voter = in.flag();
    const bool returning = !voter && in.flag();
    made.members.push_back({id, std::string(in.take(in.upto(30))), voter, returning});
  }
  std::string bytes = core::encode(made);
  FUZZ_HOLDS(core::decode_configuration(bytes) == made);
  FUZZ_HOLDS(!core::decode_configuration(bytes + "x"));
  FUZZ_HOLDS(!core::decode_configuration(std::string_view(bytes).substr(0, bytes.size() - 1)));
}

void places(Bytes& in) {
  const transport::History history{in.upto(3), in.upto(3)};
  transport::pb::Cursor cursor;
  transport::pb::ReadToken token;
  const std::string bytes(in.rest());
  if (cursor.ParseFromString(bytes) && history.has(cursor)) {
    FUZZ_HOLDS(cursor.epoch() == history.epoch);
    FUZZ_HOLDS(cursor.cluster_id() == history.cluster || cursor.cluster_id() == 0);
    transport::pb::Cursor out;
    transport::to_wire(history, chat::Position{cursor.index(), cursor.ordinal()}, out);
    FUZZ_HOLDS(history.has(out));
  }
  if (token.ParseFromString(bytes) && history.has(token)) {
    FUZZ_HOLDS(token.epoch() == history.epoch);
  }
  chat::RequestId id;
  if (transport::from_wire(bytes, id)) FUZZ_HOLDS(transport::to_bytes(id) == bytes);
}

void server_list(Bytes& in) {
  transport::pb::ServerList wire;
  if (!wire.ParseFromString(std::string(in.rest()))) return;
  const transport::ServerList read = transport::from_wire(wire);
  transport::pb::ServerList once;
  transport::pb::ServerList twice;
  transport::to_wire(read, once);
  transport::to_wire(transport::from_wire(once), twice);
  FUZZ_HOLDS(once.SerializeAsString() == twice.SerializeAsString());
  FUZZ_HOLDS(read.servers.size() == static_cast<std::size_t>(wire.servers_size()));
}

// An entry as a joiner is sent it.
void log_entry(Bytes& in) {
  transport::pb::LogEntry wire;
  core::Entry entry;
  if (!wire.ParseFromString(std::string(in.rest())) || !transport::from_wire(wire, entry)) return;
  transport::pb::LogEntry back;
  transport::to_wire(entry, back);
  core::Entry again;
  FUZZ_HOLDS(transport::from_wire(back, again));
  FUZZ_HOLDS(again.index == entry.index && again.term == entry.term && again.kind == entry.kind &&
             again.stamp_ms == entry.stamp_ms && again.data == entry.data);
  FUZZ_HOLDS(entry.kind <= core::EntryKind::kConfiguration);
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  switch (in.upto(4)) {
    case 0:
      configuration(in.rest());
      break;
    case 1:
      made_configuration(in);
      break;
    case 2:
      places(in);
      break;
    case 3:
      server_list(in);
      break;
    default:
      log_entry(in);
  }
  return 0;
}
