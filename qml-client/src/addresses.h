// Addresses of servers, as people type them.
#pragma once

#include <QString>
#include <QStringList>

namespace starling_app {

// "HOST:PORT", or several with commas, blanks around them or none. Empty, with a sentence in
// `error`, when one is no address or there is none.
QStringList addresses_in(const QString& text, QString& error);

}  // namespace starling_app
