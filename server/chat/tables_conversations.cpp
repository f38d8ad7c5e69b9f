// Rows of conversations and of their members.
#include "server/chat/tables.h"

namespace starling::chat {
namespace {

MemberRow member_from(const sqlite::Statement& row) {
  return {row.integer(0), row.integer(1), row.integer(2), static_cast<MemberRole>(row.integer(3)),
          row.integer(4), row.integer(5), row.integer(6), row.integer(7),
          row.integer(8), row.integer(9)};
}

}  // namespace

sqlite::Status Tables::find_conversation(ConversationId id, HotConversation*& out) {
  out = nullptr;
  if (const auto known = conversations_.find(id); known != conversations_.end()) {
    out = &known->second;
    return {};
  }
  HotConversation conversation;
  {
    Use use;
    CHAT_TRY(use.start(database_, conversation_));
    use->bind(1, id);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row) return {};
    conversation.row = {id,
                        static_cast<ConversationKind>(use->integer(0)),
                        use->integer(1),
                        use->integer(2),
                        use->text(3),
                        use->integer(4)};
  }
  {
    Use use;
    CHAT_TRY(use.start(database_, last_seq_));
    use->bind(1, id);
    bool row = false;
    CHAT_TRY(use->step(row));
    conversation.last_seq = row ? use->integer(0) : 0;  // NULL reads as 0.
  }
  CHAT_TRY(load_members(conversation));
  remembered_members_ += conversation.members.size();
  out = &conversations_.emplace(id, std::move(conversation)).first->second;
  return {};
}

sqlite::Status Tables::find_conversation_of(AccountId account, ConversationId id,
                                            HotConversation*& out) {
  out = nullptr;
  if (!conversations_.contains(id)) {
    Use use;
    CHAT_TRY(use.start(database_, is_member_));
    use->bind(1, account).bind(2, id);
    bool member = false;
    CHAT_TRY(use->step(member));
    if (!member) return {};
  }
  return find_conversation(id, out);
}

sqlite::Status Tables::load_members(HotConversation& conversation) {
  Use use;
  CHAT_TRY(use.start(database_, members_));
  use->bind(1, conversation.row.id);
  CHAT_TRY(use.each([&](const sqlite::Statement& row) {
    HotMember member;
    member.row = member_from(row);
    conversation.members.push_back(member);
  }));
  return {};
}

sqlite::Status Tables::find_direct(AccountId a, AccountId b, ConversationId& out) {
  Use use;
  CHAT_TRY(use.start(database_, direct_));
  use->bind(1, a).bind(2, b);
  bool row = false;
  CHAT_TRY(use->step(row));
  out = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Tables::insert(const ConversationRow& row, const std::vector<MemberRow>& members) {
  {
    Use use;
    CHAT_TRY(use.start(database_, insert_conversation_));
    use->bind(1, row.id)
        .bind(2, static_cast<std::int64_t>(row.kind))
        .bind(3, row.a)
        .bind(4, row.b)
        .bind_text(5, row.title)
        .bind(6, row.member_count);
    CHAT_TRY(use->run());
    added(row);
  }
  for (const MemberRow& member : members) CHAT_TRY(insert(member));
  return {};
}

sqlite::Status Tables::insert(const MemberRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_member_));
  use->bind(1, row.account)
      .bind(2, row.conversation)
      .bind(3, row.peer)
      .bind(4, static_cast<std::int64_t>(row.role))
      .bind(5, row.joined_index)
      .bind(6, row.left_index)
      .bind(7, row.joined_seq)
      .bind(8, row.joined_ms)
      .bind(9, row.read_seq)
      .bind(10, row.delivered_seq);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::update(HotConversation& conversation, const ConversationRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, update_conversation_));
  use->bind(1, row.id).bind_text(2, row.title).bind(3, row.member_count);
  CHAT_TRY(use->run());
  removed(conversation.row);
  conversation.row = row;
  added(conversation.row);
  return {};
}

sqlite::Status Tables::memberships_of(AccountId account, std::vector<MemberRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, memberships_));
  use->bind(1, account);
  return use.each([&](const sqlite::Statement& row) { out.push_back(member_from(row)); });
}

sqlite::Status Tables::count_groups(AccountId account, std::int64_t& count) {
  Use use;
  CHAT_TRY(use.start(database_, count_groups_));
  use->bind(1, account);
  bool row = false;
  CHAT_TRY(use->step(row));
  count = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Tables::add_member(HotConversation& conversation, const MemberRow& row) {
  CHAT_TRY(insert(row));
  HotMember member;
  member.row = row;
  conversation.members.insert(conversation.place_of(row.account), member);
  ++remembered_members_;
  conversation.audience = nullptr;
  ConversationRow counted = conversation.row;
  ++counted.member_count;
  return update(conversation, counted);
}

sqlite::Status Tables::end_stay(HotConversation& conversation, AccountId account,
                                std::int64_t index) {
  const auto place = conversation.place_of(account);
  if (place == conversation.members.end() || place->row.account != account) {
    chat_misuse("the stay of no member ends");
  }
  MemberRow over = place->row;
  over.left_index = index;
  CHAT_TRY(update(*place, over));
  CHAT_TRY(remove_draft(account, conversation.row.id));
  conversation.members.erase(place);
  conversation.audience = nullptr;
  ConversationRow counted = conversation.row;
  --counted.member_count;
  return update(conversation, counted);
}

sqlite::Status Tables::end_all_stays(HotConversation& conversation, std::int64_t index) {
  for (HotMember& member : conversation.members) {
    MemberRow over = member.row;
    over.left_index = index;
    CHAT_TRY(update(member, over));
    CHAT_TRY(remove_draft(over.account, over.conversation));
  }
  conversation.members.clear();
  conversation.audience = nullptr;
  ConversationRow empty = conversation.row;
  empty.member_count = 0;
  return update(conversation, empty);
}

sqlite::Status Tables::remove_member(const MemberRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_member_));
  use->bind(1, row.account).bind(2, row.conversation).bind(3, row.joined_index);
  CHAT_TRY(use->run());
  removed(row);
  const auto known = conversations_.find(row.conversation);
  if (known != conversations_.end() && row.left_index == 0) {
    std::erase_if(known->second.members,
                  [&row](const HotMember& m) { return m.row.account == row.account; });
    known->second.audience = nullptr;
  }
  return {};
}

sqlite::Status Tables::update(HotMember& member, const MemberRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, update_member_));
  use->bind(1, row.account)
      .bind(2, row.conversation)
      .bind(3, row.joined_index)
      .bind(4, static_cast<std::int64_t>(row.role))
      .bind(5, row.left_index)
      .bind(6, row.read_seq)
      .bind(7, row.delivered_seq);
  CHAT_TRY(use->run());
  removed(member.row);
  member.row = row;
  added(member.row);
  return {};
}

}  // namespace starling::chat
