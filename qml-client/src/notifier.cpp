// See notifier.h.
#include "qml-client/src/notifier.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>
#include <vector>

#include "qml-client/src/format.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr int kMaxBody = 240;  // Signs; nobody reads more in a corner of the screen.
constexpr int kTimeoutMs = 5'000;

QString service() { return QStringLiteral("org.freedesktop.Notifications"); }
QString path() { return QStringLiteral("/org/freedesktop/Notifications"); }

QDBusMessage call(const char* method) {
  return QDBusMessage::createMethodCall(service(), path(), service(), QLatin1String(method));
}

}  // namespace

Notifier::Notifier(const QDBusConnection& bus, const AppSettings& settings, QObject* parent)
    : QObject(parent), bus_(bus), settings_(settings) {
  if (!bus_.isConnected()) return;
  (void)bus_.connect(service(), path(), service(), QStringLiteral("ActionInvoked"), this,
                     SLOT(action_invoked(uint, QString)));
  (void)bus_.connect(service(), path(), service(), QStringLiteral("NotificationClosed"), this,
                     SLOT(notification_closed(uint, uint)));
}

void Notifier::show(const Notice& notice) {
  if (!bus_.isConnected() || !settings_.notifications()) return;
  if (!notice.mentions_me && (muted_ || notice.in_view)) return;
  QString body = tr("New message");
  if (settings_.notification_text()) {
    body = notice.body.size() > kMaxBody ? beginning(notice.body, kMaxBody) + u'…' : notice.body;
    const bool group = !notice.sender.isEmpty();
    QStringList lines;
    for (const QString& line : body.split(u'\n')) {
      // The bus ends a text at a NUL, and a service its markup at any other control character.
      lines << (group ? isolated(line) : in_one_line(line));
    }
    body = lines.join(u'\n');
    if (group) body = isolated(notice.sender) + QStringLiteral(": ") + body;
  }
  Shown& shown = shown_[notice.conversation];
  shown.seq = notice.seq;
  shown.summary = in_one_line(notice.title);
  shown.body = body.toHtmlEscaped();  // The service reads it as markup; the summary it does not.
  shown.withdrawn = false;
  shown.changed = true;
  if (!shown.asked) ask(notice.conversation, shown);
}

// One question at a time for each conversation: the next one needs the answer's id to replace it.
void Notifier::ask(qint64 conversation, Shown& shown) {
  shown.asked = true;
  shown.changed = false;
  QDBusMessage message = call("Notify");
  const QVariantMap hints = {{QStringLiteral("category"), QStringLiteral("im.received")},
                             {QStringLiteral("desktop-entry"), QStringLiteral("starling-app")}};
  message << QStringLiteral("Starling") << shown.id << QStringLiteral("starling-app")
          << shown.summary << shown.body << QStringList{QStringLiteral("default"), tr("Open")}
          << hints << -1;
  auto* watcher = new QDBusPendingCallWatcher(bus_.asyncCall(message, kTimeoutMs), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this,
          [this, conversation](QDBusPendingCallWatcher* done) {
            const QDBusPendingReply<uint> reply = *done;
            answered(conversation, reply.isError() ? 0 : reply.value());
            done->deleteLater();
          });
}

void Notifier::answered(qint64 conversation, uint id) {
  const auto found = shown_.find(conversation);
  if (found == shown_.end()) return;
  Shown& shown = found->second;
  shown.asked = false;
  shown.id = id;
  if (shown.withdrawn) {
    shown_.erase(found);
    if (id != 0) close(id);
  } else if (shown.changed) {
    ask(conversation, shown);
  } else if (id == 0) {
    shown_.erase(found);  // Nobody shows notifications here.
  }
}

void Notifier::close(uint id) { bus_.send(call("CloseNotification") << id); }

void Notifier::withdraw(qint64 conversation) {
  const auto found = shown_.find(conversation);
  if (found == shown_.end()) return;
  if (found->second.asked) {
    found->second.withdrawn = true;
    return;
  }
  close(found->second.id);
  shown_.erase(found);
}

void Notifier::withdraw_message(qint64 conversation, qint64 seq) {
  const auto found = shown_.find(conversation);
  if (found != shown_.end() && found->second.seq == seq) withdraw(conversation);
}

void Notifier::withdraw_all() {
  std::vector<qint64> all;
  for (const auto& [conversation, shown] : shown_) all.push_back(conversation);
  for (const qint64 conversation : all) withdraw(conversation);
}

qint64 Notifier::conversation_of(uint id) const {
  for (const auto& [conversation, shown] : shown_) {
    if (id != 0 && shown.id == id) return conversation;
  }
  return 0;
}

void Notifier::action_invoked(uint id, const QString& action) {
  const qint64 conversation = conversation_of(id);
  if (conversation != 0 && action == QStringLiteral("default")) emit clicked(conversation);
}

void Notifier::notification_closed(uint id, uint) {
  const auto found = shown_.find(conversation_of(id));
  if (found == shown_.end()) return;
  found->second.id = 0;
  if (!found->second.asked) shown_.erase(found);
}

}  // namespace starling_app
