// Implements server/transport/sight.h.
#include "server/transport/sight.h"

#include <map>
#include <set>
#include <utility>

namespace starling::transport {

namespace {

chat::Audience audience_of(const std::set<chat::AccountId>& accounts) {
  return std::make_shared<const std::vector<chat::AccountId>>(accounts.begin(), accounts.end());
}

class Changes {
 public:
  void add(const chat::Event& event) {
    if (!event.audience) return;
    switch (event.kind) {
      case chat::EventKind::kConversationOpened:
        // A direct one is told to both at once, a group to each that is new in it.
        opened_[event.conversation].insert(event.audience->begin(), event.audience->end());
        if (event.audience->size() > 1) among(event.audience);
        break;
      case chat::EventKind::kAccountDeleted:
        out_.push_back({event.audience, audience_of({event.subject})});
        break;
      case chat::EventKind::kBlock:
        for (const chat::AccountId self : *event.audience) {
          among(audience_of({self, event.subject}));
        }
        break;
      case chat::EventKind::kMessage:
        add_message(event);
        break;
      default:
        break;
    }
  }
  std::vector<SightChange> take() { return std::move(out_); }

 private:
  void add_message(const chat::Event& event) {
    switch (event.message.kind) {
      case chat::MessageKind::kMembersAdded:
        among(event.audience, audience_of(opened_[event.conversation]));
        break;
      case chat::MessageKind::kMemberLeft:
        among(event.audience, audience_of({event.message.sender}), event.conversation);
        break;
      case chat::MessageKind::kMemberRemoved:
        among(event.audience, audience_of({event.removed}), event.conversation);
        break;
      case chat::MessageKind::kGroupDissolved:
        among(event.audience, event.conversation);
        break;
      default:  // A new group has only its owner, until others are told of as added.
        break;
    }
  }
  void among(const chat::Audience& all, chat::ConversationId left = 0) {
    out_.push_back({all, all, left});
  }
  // Between these and all others; `left` by these.
  void among(const chat::Audience& all, const chat::Audience& these,
             chat::ConversationId left = 0) {
    out_.push_back({all, these});
    out_.push_back({these, all, left});
  }

  std::map<chat::ConversationId, std::set<chat::AccountId>> opened_;
  std::vector<SightChange> out_;
};

}  // namespace

std::vector<SightChange> sight_changes(const std::vector<chat::Event>& events) {
  Changes changes;
  for (const chat::Event& event : events) changes.add(event);
  return changes.take();
}

}  // namespace starling::transport
