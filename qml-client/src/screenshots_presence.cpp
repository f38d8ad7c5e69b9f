// Pictures of who is there and who types. See screenshots_families.h.
#include <QTimer>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "qml-client/src/screenshots_families.h"
#include "qml-client/src/screenshots_story.h"
#include "starling/client.h"

namespace starling_app {
namespace {

constexpr int kTypingMs = 500;

struct Guest {
  starling::Session session;
  starling::PresenceWatch watch;
};

// People of the story beside their windows: they are there while this lives.
class Guests {
 public:
  explicit Guests(const QString& server) {
    auto made = starling::Client::connect({server.toStdString()});
    if (!made.ok()) return;
    client_.emplace(std::move(made.value()));
    for (const char* name : {"grace", "mei-lin", "noor", "tomas"}) {
      auto session = client_->log_in(name, kStoryPassword, "Terminal on lovelace");
      if (!session.ok()) return;
      auto watch = session->watch_presence(nullptr, nullptr);
      if (!watch.ok()) return;
      guests_[name] = {session.value(), std::move(watch.value())};
    }
    for (const char* name : {"noor", "tomas"}) guests_[name].watch.set_away(true);
    good_ = true;
  }
  bool good() const { return good_; }
  void type(const char* name, qint64 conversation) { guests_[name].watch.typing(conversation); }

 private:
  std::optional<starling::Client> client_;
  std::map<std::string, Guest> guests_;
  bool good_ = false;
};

// Of the conversation of that title.
QVariant role_of(const ConversationsModel& model, const char* title, int role) {
  for (int row = 0; row < model.count(); ++row) {
    const QModelIndex index = model.index(row);
    if (model.data(index, ConversationsModel::TitleRole).toString() == QString::fromUtf8(title)) {
      return model.data(index, role);
    }
  }
  return {};
}

}  // namespace

bool take_presence_pictures(Photographer& photographer) {
  ChatClient& client = photographer.client();
  const ConversationsModel& model = *client.conversations();
  Guests guests(client.server_text().section(QStringLiteral(", "), 0, 0));
  if (!guests.good() ||
      !photographer.wait("grace there", [&] { return client.current_online(); })) {
    return false;
  }
  const auto id_of = [&](const char* title) {
    return role_of(model, title, ConversationsModel::IdRole).toLongLong();
  };
  const qint64 noodles = id_of("Mei-Lin Zhao");
  const qint64 group = id_of("Cluster night");
  QTimer typing;
  QObject::connect(&typing, &QTimer::timeout, &typing, [&] {
    guests.type("mei-lin", noodles);
    guests.type("grace", group);
    guests.type("mei-lin", group);
  });
  typing.start(kTypingMs);
  const auto typed = [&] { return client.current_typing(); };
  bool taken = photographer.wait("somebody away, and somebody typing", [&] {
    return role_of(model, "Noor Haddad", ConversationsModel::AwayRole).toBool() &&
           !role_of(model, "Mei-Lin Zhao", ConversationsModel::TypingRole).toString().isEmpty();
  });
  taken = taken && photographer.both(QStringLiteral("presence")) &&
          photographer.open("Cluster night") && photographer.wait("typing", typed) &&
          photographer.both(QStringLiteral("presence-group"));
  if (!taken) return false;
  photographer.mirror(true);
  taken = photographer.both(QStringLiteral("presence-rtl"));
  photographer.mirror(false);
  photographer.click("membersButton");
  taken = taken && photographer.both(QStringLiteral("presence-members")) &&
          photographer.close_panel("membersPanel");
  return taken && photographer.open("grace");
}

}  // namespace starling_app
