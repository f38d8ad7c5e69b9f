// A model of people, each row an account, that shows how they are.
#pragma once

#include <QAbstractListModel>
#include <functional>

#include "qml-client/src/presence_book.h"

namespace starling_app {

// From here on the model tells of its rows when how their people are, or what is said of it, is
// another. `account_of` a row. Both outlive what `model` shows.
inline void follow_presence(QAbstractListModel* model, const PresenceBook* book,
                            const std::function<qint64(int row)>& account_of) {
  const auto touch = [model, account_of](qint64 account) {
    for (int row = 0; row < model->rowCount(); ++row) {
      if (account != 0 && account_of(row) != account) continue;
      emit model->dataChanged(model->index(row), model->index(row));
    }
  };
  QObject::connect(book, &PresenceBook::presence_changed, model, touch);
  QObject::connect(book, &PresenceBook::time_passed, model, [touch] { touch(0); });
}

}  // namespace starling_app
