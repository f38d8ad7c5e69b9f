// What one does to messages of the open conversation. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QVariantList>
#include <optional>
#include <utility>

#include "qml-client/src/timeline_model.h"
#include "starling/session.h"

namespace starling_app {

class MessageActions : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(QStringList emoji READ emoji CONSTANT)
  Q_PROPERTY(QString error READ error NOTIFY error_changed)
  // What a message said before its edits, oldest first: {when, body}; then what it says now.
  Q_PROPERTY(QVariantList history READ history NOTIFY history_changed)
  Q_PROPERTY(QString historyNotice READ history_notice NOTIFY history_changed)

 public:
  explicit MessageActions(TimelineModel& timeline, QObject* parent = nullptr);

  static QStringList emoji();  // The eight of the picker.
  QString error() const { return error_; }
  QVariantList history() const { return history_; }
  QString history_notice() const { return history_notice_; }

  void begin(const starling::Session& session);
  void reset();
  void edit(qint64 seq, const QString& body);

  // Puts the account's own there, or takes it back when it is there.
  Q_INVOKABLE void react(qint64 seq, const QString& emoji);
  Q_INVOKABLE void erase(qint64 seq);  // For everybody.
  Q_INVOKABLE void hide(qint64 seq);
  Q_INVOKABLE void copy(qint64 seq);
  Q_INVOKABLE void copyText(const QString& text);
  // In the desktop's browser; nothing but http and https is opened.
  Q_INVOKABLE void openLink(const QString& url);
  Q_INVOKABLE void loadHistory(qint64 seq);
  Q_INVOKABLE void clearError();

 signals:
  void error_changed();
  void history_changed();
  void jumped(int row);                   // The timeline's own, for QML.
  void editRefused(const QString& body);  // The composer has it no more.

 private:
  using Place = std::pair<qint64, qint64>;  // Conversation and seq.

  void fail(const QString& sentence);
  void amended(qint64 conversation, qint64 seq);
  void show_notice(const QString& sentence);  // In place of a history.
  void show_history(const std::vector<starling::Edit>& edits);

  TimelineModel& timeline_;
  std::optional<starling::Session> session_;
  QString error_;
  QVariantList history_;
  QString history_notice_;
  Place history_of_;
  int generation_ = 0;  // One more at each log-out.
};

}  // namespace starling_app
