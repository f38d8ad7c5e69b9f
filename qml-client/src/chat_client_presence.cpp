// Whose presence ChatClient asks for, and what it says of the open conversation. See chat_client.h.
#include "qml-client/src/chat_client.h"
#include "qml-client/src/person_row.h"
#include "qml-client/src/presence_text.h"

namespace starling_app {
namespace {

constexpr int kPeopleMs = 50;  // Of a burst of changes the last one counts.

}  // namespace

void ChatClient::connect_presence() {
  const PresenceBook* book = presence_.book();
  conversations_.set_presence(book);
  groups_.members()->set_presence(book);
  person_.set_presence(book);
  people_.set_presence(book);
  connect(book, &PresenceBook::presence_changed, this, &ChatClient::detail_changed);
  connect(book, &PresenceBook::typing_changed, this, &ChatClient::detail_changed);
  connect(book, &PresenceBook::time_passed, this, &ChatClient::detail_changed);
  connect(this, &ChatClient::currentChanged, this, &ChatClient::detail_changed);
  connect(&groups_, &GroupDesk::changed, this, &ChatClient::detail_changed);
  connect(groups_.members(), &MembersModel::status_changed, this, &ChatClient::detail_changed);
  connect(&compose_, &ComposeModel::typing, &presence_, &PresenceDesk::typing);

  people_timer_.setSingleShot(true);
  people_timer_.setInterval(kPeopleMs);
  connect(&people_timer_, &QTimer::timeout, this, &ChatClient::watch_people);
  const auto soon = [this] {
    if (!people_timer_.isActive()) people_timer_.start();
  };
  connect(&conversations_, &ConversationsModel::count_changed, this, soon);
  connect(&conversations_, &ConversationsModel::currentChanged, this, soon);
  connect(groups_.members(), &MembersModel::status_changed, this, soon);
  connect(&person_, &PersonDesk::changed, this, soon);
  connect(&people_, &PeopleModel::status_changed, this, soon);
}

// The open conversation and what stands in panels first, then the list from its top: where there
// are more than the servers tell of, the ones far below go without.
void ChatClient::watch_people() {
  if (!session_) return;
  std::vector<qint64> people{current_peer(), person_.account_id()};
  for (const starling::Member& member : groups_.members()->members()) {
    people.push_back(member.account.id);
    if (people.size() > MembersModel::kPage) break;
  }
  const std::vector<starling::Account>& found = people_.people();
  for (std::size_t at = 0; at < found.size() && at < PeopleModel::kPage; ++at) {
    people.push_back(found[at].id);
  }
  conversations_.add_peers(people);
  presence_.set_watched(std::move(people));
}

qint64 ChatClient::current_peer() const {
  const starling::Conversation* conversation = conversations_.get(current_conversation());
  return conversation == nullptr ? 0 : conversation->peer_id;
}

bool ChatClient::current_typing() const {
  return !presence_.book()->typing(current_conversation()).empty();
}

bool ChatClient::current_online() const { return presence_.book()->online(current_peer()); }
bool ChatClient::current_away() const { return presence_.book()->away(current_peer()); }

QString ChatClient::current_detail() const {
  const std::vector<qint64> typers = presence_.book()->typing(current_conversation());
  if (!groups_.open()) {
    if (!typers.empty()) return typing_text();
    const QString name = current_name();  // Once is enough.
    return detail_line(name == current_title() ? QString() : name,
                       presence_.book()->text(current_peer()));
  }
  if (typers.empty()) return groups_.members_sentence();
  QStringList names;
  for (const qint64 typer : typers) names << groups_.members()->shown_name(typer);
  return typing_text(names);
}

}  // namespace starling_app
