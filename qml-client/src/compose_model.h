// What one is writing in the open conversation: a message, an answer to one, or new words for one's
// own; with the people whom an '@' may mean, and the draft that the account's other devices see.
// The text field belongs to QML, which tells of each change; textReplaced() is the way back. Lives
// on the GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QQmlEngine>
#include <QTimer>
#include <map>
#include <optional>
#include <vector>

#include "qml-client/src/people_list.h"
#include "qml-client/src/timeline_model.h"
#include "starling/types.h"

namespace starling_app {

class ComposeModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(Mode mode READ mode NOTIFY mode_changed)
  Q_PROPERTY(QString quoteTitle READ quote_title NOTIFY mode_changed)
  Q_PROPERTY(QString quoteBody READ quote_body NOTIFY mode_changed)
  Q_PROPERTY(starling_app::PeopleList* suggestions READ suggestions CONSTANT)

 public:
  enum Mode { Plain, Reply, Edit };
  Q_ENUM(Mode)
  static constexpr int kDraftMs = 2'000;   // After the last key.
  static constexpr int kLatelyMs = 5'000;  // Who typed just now is not interrupted.
  static constexpr std::size_t kSuggestions = 6;

  explicit ComposeModel(TimelineModel& timeline, QObject* parent = nullptr);

  Mode mode() const { return mode_; }
  QString quote_title() const { return quote_title_; }
  QString quote_body() const { return quote_body_; }
  qint64 target() const { return target_; }  // The seq that is answered or edited; 0: none.
  PeopleList* suggestions() { return &suggestions_; }
  QString text() const { return text_; }

  // 0: none. What was written elsewhere is kept as that conversation's draft.
  void open(qint64 conversation, const starling::Draft& draft);
  // What another device has written, or this one.
  void apply_draft(qint64 conversation, const starling::Draft& draft);
  void draft_answered(qint64 conversation);
  void set_people(std::vector<starling::Account> people);  // Whom an '@' may mean.
  void sent();  // What is written is on its way: back to an empty field.
  void reset();

  Q_INVOKABLE void typed(const QString& text, int cursor);
  Q_INVOKABLE void beginReply(qint64 seq);
  Q_INVOKABLE void beginEdit(qint64 seq);
  Q_INVOKABLE bool editLast();  // False: nothing of one's own is there to edit.
  Q_INVOKABLE void cancel();    // Back to a plain message.
  Q_INVOKABLE void complete(const QString& name);
  Q_INVOKABLE void dismiss();  // The suggestions.

 signals:
  void mode_changed();
  void textReplaced(const QString& text, int cursor);
  void focusWanted();
  void typing(qint64 conversation);  // A new message, or an answer, at each change of its words.
  // Answer with draft_answered().
  void draft_wanted(qint64 conversation, const QString& body, qint64 reply_to);

 private:
  struct Words {
    QString body;
    qint64 reply_to = 0;
    friend bool operator==(const Words&, const Words&) = default;
  };

  Words words() const;  // What is written, as a draft: what is edited is none.
  void set_mode(Mode mode, qint64 target);
  void quote();
  void replace(const QString& text);
  void save();
  void suggest();

  TimelineModel& timeline_;
  qint64 conversation_ = 0;
  Mode mode_ = Plain;
  qint64 target_ = 0;
  QString quote_title_;
  QString quote_body_;
  QString text_;
  int cursor_ = 0;
  Words saved_;                                       // What the servers have, or are being told.
  Words before_;                                      // What was written when an edit began.
  std::map<qint64, std::optional<Words>> under_way_;  // With what is to be told next.
  std::vector<starling::Account> people_;
  PeopleList suggestions_;
  QTimer draft_timer_;
  QElapsedTimer typed_;
};

}  // namespace starling_app
