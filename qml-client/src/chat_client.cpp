// Logging in and out, sending, and the end. Connecting is in chat_client_session.cpp; loading in
// chat_client_sync.cpp, events are in chat_client_events.cpp.
#include "qml-client/src/chat_client.h"

#include <QDir>
#include <QFile>
#include <QSysInfo>
#include <chrono>
#include <utility>

#include "qml-client/src/format.h"

namespace starling_app {
namespace {

constexpr int kReadMs = 250;
constexpr int kProbeMs = 1'500;

std::string std_string(const QString& text) { return text.toStdString(); }

// One file for each account, also of a cluster that was made anew.
QString outbox_name(const starling::Account& account) {
  return QStringLiteral("outbox-%1-%2-%3.db")
      .arg(QString::fromStdString(account.name))
      .arg(account.id)
      .arg(account.created_at_ms);
}

// By which one tells one's log-ins apart.
std::string device_name() {
  constexpr std::size_t kMostBytes = 64;  // The servers' limit.
  const std::string name = std_string(QStringLiteral("Starling, ") + QSysInfo::machineHostName());
  return name.size() > kMostBytes ? "Starling" : name;
}

}  // namespace

ChatClient::ChatClient(QStringList servers, QString data_directory, QObject* parent)
    : QObject(parent),
      servers_(std::move(servers)),
      data_directory_(std::move(data_directory)),
      session_file_(QDir(data_directory_).filePath(QStringLiteral("session.json"))),
      worker_(std::make_unique<Worker>()) {
  connect_models();
  connect_presence();
  read_timer_.setSingleShot(true);
  read_timer_.setInterval(kReadMs);
  connect(&read_timer_, &QTimer::timeout, this, &ChatClient::mark_read);
  probe_timer_.setInterval(kProbeMs);
  connect(&probe_timer_, &QTimer::timeout, this, &ChatClient::probe);
  connect(&rest_, &EventRest::over, this, [this] {
    if (pump_) pump_->taken();
  });
}

// In order: the connection ends, and with it every call and callback, so that nobody waits for a
// server; then the stream's thread; then the worker, which still writes what it was given into the
// outbox's file. What was posted to this object meanwhile is dropped with it.
ChatClient::~ChatClient() {
  ++generation_;
  if (client_) client_->close();
  pump_.reset();
  worker_.reset();
  if (outbox_) outbox_->close();
}

bool ChatClient::run(std::function<void()> job) {
  if (worker_->run(std::move(job))) return true;
  fail_send(tr("Too much is waiting already. Try again later."));
  return false;
}

void ChatClient::set_state(State state) {
  state_ = state;
  emit state_changed();
}

void ChatClient::fail(const QString& sentence) {
  busy_ = false;
  error_ = sentence;
  emit state_changed();
}

void ChatClient::fail_send(const QString& sentence) {
  send_error_ = sentence;
  emit send_error_changed();
}

void ChatClient::clearError() {
  if (!send_error_.isEmpty()) fail_send({});
  if (error_.isEmpty() && note_.isEmpty()) return;
  error_.clear();
  note_.clear();
  emit state_changed();
}

void ChatClient::logIn(const QString& name, const QString& password, bool stay) {
  if (busy_ || state_ != Login || !client_) return;
  if (name.trimmed().isEmpty()) return fail(tr("Enter your name."));
  if (password.isEmpty()) return fail(tr("Enter your password."));
  stay_ = stay;
  busy_ = true;
  error_.clear();
  note_.clear();
  emit state_changed();
  log_in(name.trimmed().toLower(), password);
}

void ChatClient::log_in(const QString& name, const QString& password) {
  const QPointer<ChatClient> self(this);
  (void)client_->log_in_async(std_string(name), std_string(password), device_name(),
                              [self](starling::Result<starling::Session> result) {
                                to_gui(self, [result](ChatClient& app) {
                                  if (!result.ok()) return app.fail(error_sentence(result.error()));
                                  app.open_outbox(result.value());
                                });
                              });
}

void ChatClient::signUp(const QString& name, const QString& display_name, const QString& password,
                        bool stay) {
  if (busy_ || state_ != Login || !client_) return;
  const QString trimmed = name.trimmed().toLower();
  if (trimmed.isEmpty()) return fail(tr("Choose a name."));
  if (password.isEmpty()) return fail(tr("Choose a password."));
  stay_ = stay;
  busy_ = true;
  error_.clear();
  emit state_changed();
  const QPointer<ChatClient> self(this);
  (void)client_->create_account_async(
      std_string(trimmed), std_string(password), std_string(display_name.trimmed()),
      [self, trimmed, password](const starling::Result<starling::Account>& result) {
        to_gui(self, [result, trimmed, password](ChatClient& app) {
          if (!result.ok()) return app.fail(error_sentence(result.error()));
          app.log_in(trimmed, password);
        });
      });
}

void ChatClient::open_outbox(starling::Session session) {
  session_ = session;
  const QPointer<ChatClient> self(this);
  const QString directory = data_directory_;
  const QString file = QDir(directory).filePath(outbox_name(session.account()));
  outbox_file_ = file;
  starling::OutboxOptions options;
  options.on_change = [self, asked = generation_](const starling::OutboxEntry& entry) {
    to_gui(self, [asked, entry](ChatClient& app) {
      if (app.generation_ == asked) app.apply_change(entry);
    });
  };
  worker_->must_run([self, session = std::move(session), directory, file, options] {
    const auto refused = [&self](const QString& sentence) {
      to_gui(self, [sentence](ChatClient& app) {
        ++app.generation_;  // Its changes are nobody's.
        app.waiting_.reset();
        app.session_.reset();
        app.fail(sentence);
      });
    };
    const bool is_new = !QDir(directory).exists();
    if (!QDir().mkpath(directory)) return refused(tr("%1 cannot be made.").arg(directory));
    // What is kept there is for one person. Whose directory it was stays as it is.
    const auto owner_only = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (is_new && !QFile::setPermissions(directory, owner_only)) {
      QDir().rmdir(directory);  // It would count as somebody's the next time.
      return refused(tr("%1 cannot be kept from other users.").arg(directory));
    }
    auto opened = starling::Outbox::open(std_string(file), session, options);
    if (!opened.ok()) return refused(outbox_error(opened.error(), file));
    const auto outbox = std::make_shared<starling::Outbox>(std::move(opened.value()));
    const auto entries = outbox->entries();
    if (!entries.ok()) return refused(outbox_error(entries.error(), file));
    to_gui(self,
           [outbox, waiting = entries.value()](ChatClient& app) { app.ready(outbox, waiting); });
  });
}

void ChatClient::ready(const std::shared_ptr<starling::Outbox>& outbox,
                       const std::vector<starling::OutboxEntry>& waiting) {
  outbox_ = outbox;
  waiting_.begin(waiting);
  for (const qint64 id : waiting_.conversations()) show_waiting(id);
  busy_ = false;
  people_.set_self(session_->account().id);
  timeline_.set_self_name(account_name());
  conversations_.set_self_name(account_name());
  palette_.set_self_name(account_name());
  groups_.begin(*session_);
  account_.begin(*session_);
  person_.begin(*session_);
  actions_.begin(*session_);
  presence_.begin(*session_);
  start_pump();
  keep_session();
  set_state(Ready);
  emit waiting_changed();
}

void ChatClient::logOut() {
  if (state_ != Ready) return;
  starling::Session session = *session_;
  (void)session.log_out_async([](const starling::Status&) {});  // It expires by itself otherwise.
  end_session();
  set_state(Login);
}

void ChatClient::end_session() {
  session_file_.remove();
  ++generation_;
  busy_ = false;  // What was under way is answered to nobody.
  list_error_.clear();
  error_.clear();
  // The stream's thread may be waiting for a server: its end is waited for beside the GUI's thread.
  worker_->must_run(
      [pump = std::move(pump_), outbox = std::move(outbox_), presence = presence_.end()]() mutable {
        presence.reset();
        pump.reset();
        outbox->close();
      });
  session_.reset();
  waiting_.reset();
  resending_.clear();
  rest_.reset();
  lookups_.reset();
  list_.reset();
  delivered_.reset();
  compose_.reset();
  actions_.reset();
  groups_.reset();
  account_.reset();
  person_.reset();
  closeConversation();
  timeline_.reset();
  conversations_.reset();
  people_.reset();
  palette_.reset();
  search_.reset();
  emit waiting_changed();
}

// What waits is nobody's any more: its file goes, once the worker has closed it.
void ChatClient::account_deleted(const QString& sentence) {
  end_session();
  worker_->must_run([file = std::exchange(outbox_file_, {})] {
    for (const char* more : {"", "-wal", "-shm"}) (void)QFile::remove(file + QLatin1String(more));
  });
  note_ = sentence;
  set_state(Login);
}

bool ChatClient::sendMessage(const QString& text) {
  const qint64 id = timeline_.conversation();
  if (state_ != Ready || id == 0 || text.trimmed().isEmpty()) return false;
  fail_send({});
  if (compose_.mode() == ComposeModel::Edit) {
    actions_.edit(compose_.target(), text.trimmed());
    compose_.sent();
    return true;
  }
  timeline_.toNewest();  // What one writes is there.
  const QPointer<ChatClient> self(this);
  const qint64 reply_to = compose_.target();
  const bool taken = run([self, outbox = outbox_, id, text, reply_to, asked = generation_] {
    const auto queued = outbox->queue(id, std_string(text.trimmed()), reply_to);
    to_gui(self, [queued, text, asked](ChatClient& app) {
      if (app.generation_ != asked) return;
      if (queued.ok()) return app.apply_queued(queued.value());
      app.fail_send(outbox_error(queued.error(), app.outbox_file_));
      emit app.sendRefused(text);
    });
  });
  if (taken) compose_.sent();
  return taken;
}

void ChatClient::cancelMessage(qint64 outbox_id) {
  if (state_ != Ready) return;
  fail_send({});
  // A menu may have been open since before it was sent.
  if (!waiting_.take_back(outbox_id)) return fail_cancel();
  const QPointer<ChatClient> self(this);
  const bool taken = run([self, outbox = outbox_, outbox_id, asked = generation_] {
    const auto done = outbox->cancel(outbox_id);
    // Not there any more: it was acknowledged meanwhile, which its change tells.
    if (done.ok() || done.error().code == starling::ErrorCode::kNotFound) return;
    to_gui(self, [done, outbox_id, asked](ChatClient& app) {
      if (app.generation_ != asked) return;
      app.waiting_.keep(outbox_id);
      app.fail_send(outbox_error(done.error(), app.outbox_file_));
    });
  });
  if (!taken) waiting_.keep(outbox_id);
}

void ChatClient::resendMessage(qint64 outbox_id) {
  if (state_ != Ready) return;
  const starling::OutboxEntry* failed = waiting_.get(outbox_id);
  if (failed == nullptr || failed->state != starling::OutboxState::kFailed) return;
  if (resending_.contains(outbox_id)) return;  // The file takes its time.
  fail_send({});
  const QPointer<ChatClient> self(this);
  const bool taken = run([self, outbox = outbox_, entry = *failed, asked = generation_] {
    const auto queued = outbox->queue(entry.conversation_id, entry.body, entry.reply_to);
    if (queued.ok()) (void)outbox->cancel(entry.id);  // It is in the file once more, at least.
    to_gui(self, [queued, asked, id = entry.id](ChatClient& app) {
      if (app.generation_ != asked) return;
      if (queued.ok()) return app.apply_queued(queued.value());
      app.resending_.erase(id);
      app.fail_send(outbox_error(queued.error(), app.outbox_file_));
    });
  });
  if (taken) resending_.insert(outbox_id);
}

QString ChatClient::account_name() const {
  return session_ ? QString::fromStdString(session_->account().name) : QString();
}

QString ChatClient::display_name() const { return session_ ? account_.shown_name() : QString(); }

QString ChatClient::own_initials() const { return initials(display_name()); }
int ChatClient::own_color() const { return avatar_color(account_name()); }

QString ChatClient::current_title() const { return conversations_.title(current_conversation()); }
QString ChatClient::current_name() const {
  return conversations_.peer_name(current_conversation());
}
QString ChatClient::current_initials() const { return initials(current_title()); }
int ChatClient::current_color() const { return avatar_color(current_name()); }

QString ChatClient::waiting_text() const { return waiting_sentence(waiting_.count()); }

}  // namespace starling_app
