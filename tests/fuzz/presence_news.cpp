// Whatever other servers say of who is online, in whatever order, while sessions come and go here
// and time passes: the tables stay bounded, nobody was seen in the future, news of an earlier start
// changes nothing, and a server that is heard whole afterwards is shown as it is.
#include <algorithm>
#include <array>

#include "server/transport/convert.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

namespace pb = transport::pb;
using presence::Entry;
using presence::State;

constexpr presence::WallMs kStartMs = 1'700'000'000'000;

// The first one pretends to be this server.
constexpr std::array<presence::ServerId, 3> kLiars = {1, 3, 4};

class World {
 public:
  World() : here_(1, 100, limits()), other_(2, ~std::uint64_t{0}, limits()) {}

  void one_thing(Bytes& in) {
    switch (in.upto(9)) {
      case 0:
        return here_.session(in.upto(7), in.upto(15), in.flag() ? State::kOnline : State::kAway);
      case 1:
        return here_.session_ended(in.upto(7), in.flag(), now_us_, wall());
      case 2:
        return pass(static_cast<presence::TimeUs>(in.u16()) * 64);
      case 3:
        return here_.link_broke(in.upto(3), now_us_);
      case 4:
        other_.session(in.upto(7), in.upto(15), in.flag() ? State::kOnline : State::kAway);
        return;
      case 5:
        for (const presence::News& news : other_.take_changes()) hear(2, news, in.flag());
        return;
      case 6:
        return look();
      default:
        return hear_bytes(kLiars.at(in.upto(kLiars.size() - 1)), in.text());
    }
  }

  // Behind all that: what the other one really says.
  void finish() {
    (void)other_.take_changes();
    for (const presence::News& news : other_.whole()) hear(2, news, false);
    look();
    for (const auto& [server, entry] : other_.everybody(100)) {
      FUZZ_HOLDS(here_.info(entry.account).state >= entry.info.state);
    }
    pass(5'000'000);
    pass(100'000);
    look();
    FUZZ_HOLDS(here_.wants(now_us_).empty());  // All the others have been silent.
  }

 private:
  static presence::Limits limits() {
    presence::Limits small;
    small.page = 4;
    small.accounts = 12;
    small.seen = 8;
    return small;
  }
  presence::WallMs wall() const { return kStartMs + now_us_ / 1'000; }
  void pass(presence::TimeUs time) {
    for (const presence::TimeUs end = now_us_ + time; now_us_ < end;) {
      now_us_ = std::min(end, now_us_ + 400'000);
      here_.tick(now_us_, wall());
      other_.tick(now_us_, wall());
    }
  }
  // As it comes over the wire.
  void hear(presence::ServerId from, const presence::News& news, bool lose) {
    pb::PresenceNews wire;
    transport::to_wire(news, wire);
    if (!lose) hear_bytes(from, wire.SerializeAsString());
  }
  void hear_bytes(presence::ServerId from, std::string_view bytes) {
    pb::PresenceNews wire;
    if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
    presence::News news;
    presence::SeenPage seen;
    transport::from_wire(wire, news, seen);
    here_.received(from, news, now_us_, wall());
    if (wire.seen_answer()) here_.received_seen(from, seen, wall());
  }
  void look() {
    for (const presence::AccountId account : here_.take_touched()) {
      const presence::Info info = here_.info(account);
      FUZZ_HOLDS(info.last_seen_ms >= 0 && info.last_seen_ms <= wall());
      FUZZ_HOLDS(info.state == State::kOffline || info.last_seen_ms == 0);
    }
    FUZZ_HOLDS(here_.seen_page(0).entries.size() <= 4);
    // Three other servers, and eight sessions here.
    FUZZ_HOLDS(here_.everybody(1'000).size() <= 3 * 12 + 8);
    (void)here_.wants(now_us_);
    (void)here_.take_changes();
  }

  presence::Table here_;
  presence::Table other_;
  presence::TimeUs now_us_ = 1'000'000;
};

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  World world;
  for (int i = 0; i < 300 && !in.empty(); ++i) world.one_thing(in);
  world.finish();
  return 0;
}
