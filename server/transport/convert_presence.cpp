// Implements server/transport/convert.h: who is online.
#include <algorithm>

#include "server/transport/convert.h"

namespace starling::transport {

namespace {

presence::State state_of(pb::PresenceState state) {
  switch (state) {
    case pb::PRESENCE_STATE_ONLINE:
      return presence::State::kOnline;
    case pb::PRESENCE_STATE_AWAY:
      return presence::State::kAway;
    default:
      return presence::State::kOffline;
  }
}

presence::Entry entry_of(const pb::PresenceInfo& info) {
  return {info.account_id(), {state_of(info.state()), info.last_seen_ms()}};
}

}  // namespace

pb::PresenceState to_wire(presence::State state) {
  switch (state) {
    case presence::State::kOnline:
      return pb::PRESENCE_STATE_ONLINE;
    case presence::State::kAway:
      return pb::PRESENCE_STATE_AWAY;
    case presence::State::kOffline:
      break;
  }
  return pb::PRESENCE_STATE_OFFLINE;
}

void to_wire(const presence::Entry& entry, pb::PresenceInfo& out) {
  out.set_account_id(entry.account);
  out.set_state(to_wire(entry.info.state));
  out.set_last_seen_ms(entry.info.last_seen_ms);
}

void to_wire(const presence::News& news, pb::PresenceNews& out) {
  out.set_boot(news.boot);
  out.set_version(news.version);
  out.set_base(news.base);
  out.set_whole(news.whole);
  out.set_page(news.page);
  out.set_pages(news.pages);
  for (const presence::Entry& entry : news.entries) to_wire(entry, *out.add_entries());
}

void to_wire(const presence::SeenPage& page, pb::PresenceNews& out) {
  out.set_seen_answer(true);
  out.set_seen_after(page.after);
  out.set_seen_more(page.more);
  for (const presence::Entry& entry : page.entries) to_wire(entry, *out.add_seen());
}

void from_wire(const pb::PresenceNews& wire, presence::News& news, presence::SeenPage& seen) {
  news.boot = wire.boot();
  news.version = wire.version();
  news.base = wire.base();
  news.whole = wire.whole();
  news.page = wire.page();
  news.pages = wire.pages();
  for (const pb::PresenceInfo& entry : wire.entries()) news.entries.push_back(entry_of(entry));
  seen.after = wire.seen_after();
  seen.more = wire.seen_more();
  for (const pb::PresenceInfo& entry : wire.seen()) seen.entries.push_back(entry_of(entry));
}

}  // namespace starling::transport
