// Where ChatClient looks for servers, and the session that outlives the app. See chat_client.h.
#include <chrono>
#include <utility>

#include "qml-client/src/addresses.h"
#include "qml-client/src/chat_client.h"

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kTimeout{5'000};

}  // namespace

// The SDK looks for a server on threads of its own. Whoever waited for it here, even on the worker,
// would be waited for in turn when the app quits.
void ChatClient::connect_servers() {
  std::vector<std::string> addresses;
  for (const QString& server : servers_) addresses.push_back(server.toStdString());
  starling::ClientOptions options;
  options.timeout = kTimeout;
  options.client_name = "starling-app";
  options.wait_for_server = false;
  const QPointer<ChatClient> self(this);
  options.on_cluster_event = [self, asked = ++connection_](const starling::ClusterEvent& event) {
    to_gui(self, [asked, event](ChatClient& app) {
      if (app.connection_ != asked) return;
      app.cluster_.apply(event);
      const auto state = app.cluster_.state();
      const bool asking = state == ClusterStatus::ReadOnly || state == ClusterStatus::Offline;
      if (asking == app.probe_timer_.isActive()) return;
      asking ? app.probe_timer_.start() : app.probe_timer_.stop();
    });
  };
  auto made = starling::Client::connect(addresses, options);
  if (!made.ok()) return fail(QString::fromStdString(made.error().message));  // No address.
  client_.emplace(std::move(made.value()));
  cluster_.begin();
}

void ChatClient::start() {
  if (servers_.isEmpty() || client_) return;
  connect_servers();
  if (client_) resume_kept();
}

QString ChatClient::useServers(const QString& addresses) {
  QString error;
  const QStringList servers = addresses_in(addresses, error);
  if (servers.isEmpty()) return error;
  if (state_ != Login || busy_) return tr("Log out first.");
  ++generation_;  // What the old ones answer is late.
  if (client_) client_->close();
  client_.reset();
  probe_timer_.stop();
  servers_ = servers;
  clearError();
  cluster_.reset();
  emit servers_changed();
  connect_servers();
  return {};
}

// Without a round trip: what is shown comes when a server answers, and one that does not know the
// session any more ends it.
void ChatClient::resume_kept() {
  QString error;
  const auto kept = session_file_.load(error);
  if (!error.isEmpty()) return fail(error);
  if (!kept || kept->servers != servers_) return;
  stay_ = busy_ = true;
  emit state_changed();
  open_outbox(client_->resume(kept->token.toStdString(), kept->account));
}

void ChatClient::keep_session() {
  if (!stay_) return session_file_.remove();
  KeptSession kept;
  kept.token = QString::fromStdString(session_->token());
  kept.account = session_->account();
  kept.servers = servers_;
  const QString refused = session_file_.save(kept);
  if (!refused.isEmpty()) error_ = refused;
}

void ChatClient::retranslate() {
  conversations_.retranslate();
  timeline_.retranslate();
  reload_conversations();
  emit state_changed();
  emit currentChanged();
  emit waiting_changed();
  emit cluster_.changed();
  emit groups_.changed();
  emit account_.changed();
  emit presence_.book()->time_passed();
}

}  // namespace starling_app
