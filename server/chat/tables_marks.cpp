// Rows of what hangs on a message or on an account: edits, reactions, mentions, hidden ones,
// drafts, blocks.
#include "server/chat/tables.h"

namespace starling::chat {

sqlite::Status Tables::insert(const EditRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_edit_));
  use->bind(1, row.message).bind(2, row.number).bind_text(3, row.body).bind(4, row.at_ms);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::remove_edits(MessageId message) {
  {
    Use use;
    CHAT_TRY(use.start(database_, edits_));
    use->bind(1, message);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) {
      removed(EditRow{row.integer(0), row.integer(1), row.text(2), row.integer(3)});
    }));
  }
  Use use;
  CHAT_TRY(use.start(database_, remove_edits_));
  use->bind(1, message);
  return use->run();
}

sqlite::Status Tables::reactions_by(AccountId account, ConversationId conversation, Seq seq,
                                    std::vector<ReactionRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, reactions_by_));
  use->bind(1, conversation).bind(2, seq).bind(3, account);
  return use.each([&](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1), row.integer(2), row.text(3)});
  });
}

sqlite::Status Tables::reaction_counts(ConversationId conversation, Seq seq,
                                       std::vector<ReactionCountRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, reaction_counts_));
  use->bind(1, conversation).bind(2, seq);
  return use.each([&](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.integer(3), row.integer(4)});
  });
}

sqlite::Status Tables::insert(const ReactionRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_reaction_));
  use->bind(1, row.conversation).bind(2, row.seq).bind(3, row.account).bind_text(4, row.emoji);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::remove(const ReactionRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_reaction_));
  use->bind(1, row.conversation).bind(2, row.seq).bind(3, row.account).bind_text(4, row.emoji);
  CHAT_TRY(use->run());
  removed(row);
  return {};
}

sqlite::Status Tables::change(const ReactionCountRow& before, const ReactionCountRow& after) {
  Use use;
  if (after.count == 0) {
    CHAT_TRY(use.start(database_, remove_reaction_count_));
    use->bind(1, after.conversation).bind(2, after.seq).bind_text(3, after.emoji);
  } else {
    CHAT_TRY(use.start(database_, put_reaction_count_));
    use->bind(1, after.conversation)
        .bind(2, after.seq)
        .bind_text(3, after.emoji)
        .bind(4, after.count)
        .bind(5, after.first_id);
  }
  CHAT_TRY(use->run());
  if (before.count != 0) removed(before);
  if (after.count != 0) added(after);
  return {};
}

sqlite::Status Tables::mentions_in(ConversationId conversation, Seq seq,
                                   std::vector<MentionRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, mentions_));
  use->bind(1, conversation).bind(2, seq);
  return use.each([&](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1), row.integer(2)});
  });
}

sqlite::Status Tables::insert(const MentionRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_mention_));
  use->bind(1, row.account).bind(2, row.conversation).bind(3, row.seq);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::remove(const MentionRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_mention_));
  use->bind(1, row.account).bind(2, row.conversation).bind(3, row.seq);
  CHAT_TRY(use->run());
  removed(row);
  return {};
}

sqlite::Status Tables::insert(const HiddenRow& row, bool& is_new) {
  Use use;
  CHAT_TRY(use.start(database_, insert_hidden_));
  use->bind(1, row.account).bind(2, row.conversation).bind(3, row.seq);
  CHAT_TRY(use->run());
  is_new = database_.changes() != 0;
  if (is_new) added(row);
  return {};
}

sqlite::Status Tables::find_draft(AccountId account, ConversationId conversation, bool& found,
                                  DraftRow& out) {
  Use use;
  CHAT_TRY(use.start(database_, draft_));
  use->bind(1, account).bind(2, conversation);
  CHAT_TRY(use->step(found));
  if (found) out = {account, conversation, use->text(0), use->integer(1), use->integer(2)};
  return {};
}

sqlite::Status Tables::remove_draft(AccountId account, ConversationId conversation) {
  bool found = false;
  DraftRow row;
  CHAT_TRY(find_draft(account, conversation, found, row));
  return found ? remove(row) : sqlite::Status();
}

sqlite::Status Tables::insert(const DraftRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_draft_));
  use->bind(1, row.account)
      .bind(2, row.conversation)
      .bind_text(3, row.body)
      .bind(4, row.reply_to)
      .bind(5, row.updated_ms);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::remove(const DraftRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_draft_));
  use->bind(1, row.account).bind(2, row.conversation);
  CHAT_TRY(use->run());
  removed(row);
  return {};
}

sqlite::Status Tables::remove_drafts_of(AccountId account) {
  std::vector<DraftRow> drafts;
  {
    Use use;
    CHAT_TRY(use.start(database_, drafts_of_));
    use->bind(1, account);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) {
      drafts.push_back(
          {row.integer(0), row.integer(1), row.text(2), row.integer(3), row.integer(4)});
    }));
  }
  for (const DraftRow& draft : drafts) CHAT_TRY(remove(draft));
  return {};
}

sqlite::Status Tables::has_blocked(HotAccount& account, AccountId other, bool& blocked) {
  blocked = false;
  if (!account.blocks_known) {
    std::vector<BlockRow> blocks;
    CHAT_TRY(blocks_of(account.row.id, blocks));
    account.blocks_known = true;
    account.has_blocks = !blocks.empty();
  }
  if (!account.has_blocks) return {};
  Use use;
  CHAT_TRY(use.start(database_, block_));
  use->bind(1, account.row.id).bind(2, other);
  return use->step(blocked);
}

sqlite::Status Tables::blocks_of(AccountId account, std::vector<BlockRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, blocks_of_));
  use->bind(1, account);
  return use.each([&](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1)});
  });
}

sqlite::Status Tables::insert(HotAccount& account, const BlockRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_block_));
  use->bind(1, row.account).bind(2, row.blocked);
  CHAT_TRY(use->run());
  added(row);
  account.has_blocks = true;
  account.blocks_known = true;
  return {};
}

sqlite::Status Tables::remove(const BlockRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_block_));
  use->bind(1, row.account).bind(2, row.blocked);
  CHAT_TRY(use->run());
  removed(row);
  return {};
}

}  // namespace starling::chat
