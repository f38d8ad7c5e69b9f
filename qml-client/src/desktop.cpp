// See desktop.h.
#include "qml-client/src/desktop.h"

#include <QCoreApplication>
#include <QEvent>

#include "qml-client/src/mentions.h"

namespace starling_app {

Desktop::Desktop(ChatClient& client, const AppSettings& settings, QQuickWindow& window,
                 const QDBusConnection& bus, bool tray)
    : client_(client), settings_(settings), window_(window), notifier_(bus, settings) {
  connect(&client, &ChatClient::messageArrived, this, &Desktop::message);
  connect(&client, &ChatClient::messageErased, &notifier_, &Notifier::withdraw_message);
  connect(&client, &ChatClient::currentChanged, this, &Desktop::follow_conversation);
  connect(&window, &QWindow::activeChanged, this, &Desktop::follow_conversation);
  connect(&client, &ChatClient::state_changed, this, [this] {
    if (client_.state() == ChatClient::Login) notifier_.withdraw_all();
  });
  connect(&notifier_, &Notifier::clicked, this, [this](qint64 conversation) {
    raise();
    client_.openConversation(conversation);
  });
  window.setIcon(app_icon());
  if (!tray) return;
  tray_ = std::make_unique<Tray>();
  window.installEventFilter(this);
  connect(tray_.get(), &Tray::openWanted, this, &Desktop::raise);
  connect(tray_.get(), &Tray::quitWanted, this, [] { QCoreApplication::quit(); });
  connect(tray_.get(), &Tray::muteWanted, this, [this](bool muted) { notifier_.set_muted(muted); });
  ConversationsModel* conversations = client.conversations();
  const auto count = [this, conversations] { tray_->set_unread(conversations->unread_total()); };
  connect(conversations, &ConversationsModel::unread_changed, this, count);
  tray_->show();
}

bool Desktop::eventFilter(QObject* watched, QEvent* event) {
  if (watched != &window_ || event->type() != QEvent::Close || !settings_.close_to_tray()) {
    return false;
  }
  event->ignore();
  window_.hide();
  return true;
}

void Desktop::message(const starling::Message& message) {
  const qint64 id = message.conversation_id;
  Notice notice;
  notice.conversation = id;
  notice.seq = message.seq;
  notice.title = client_.conversations()->title(id);
  if (client_.conversations()->group(id)) notice.sender = QString::fromStdString(message.sender);
  if (notice.title.isEmpty()) notice.title = QString::fromStdString(message.sender);
  notice.body = QString::fromStdString(message.body);
  notice.mentions_me = mentions(message.body, client_.account_name());
  notice.in_view = id == client_.current_conversation() && window_.isActive();
  notifier_.show(notice);
}

// What one looks at needs no notification any more.
void Desktop::follow_conversation() {
  if (client_.chatting() && window_.isActive()) notifier_.withdraw(client_.current_conversation());
}

void Desktop::raise() {
  window_.show();
  window_.raise();
  window_.requestActivate();
}

}  // namespace starling_app
