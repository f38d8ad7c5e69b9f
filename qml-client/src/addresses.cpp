// See addresses.h.
#include "qml-client/src/addresses.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace starling_app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Addresses)
};

constexpr int kMaxAddress = 255;

// A name, an IPv4 address, or an IPv6 address in brackets, and a port: what the SDK takes.
bool is_address(const QString& text) {
  static const QRegularExpression form(QStringLiteral(
      R"(^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*(?:%[A-Za-z0-9._-]+)?\]):([0-9]{1,5})\z)"));
  const QRegularExpressionMatch match = form.match(text);
  const int port = match.captured(1).toInt();
  return match.hasMatch() && text.size() <= kMaxAddress && port > 0 && port < 65'536;
}

// "::1:5101" may be ::1 and a port, or an address without one.
bool lacks_brackets(const QString& text) {
  static const QRegularExpression form(
      QStringLiteral("^[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*\\z"));
  return form.match(text).hasMatch();
}

}  // namespace

QStringList addresses_in(const QString& text, QString& error) {
  error.clear();
  QStringList addresses;
  for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
    const QString address = part.trimmed();
    if (address.isEmpty()) continue;
    if (!is_address(address)) {
      error = lacks_brackets(address)
                  ? Words::tr("\"%1\" needs brackets, as in [::1]:5101.").arg(address)
                  : Words::tr("\"%1\" is not an address of the form HOST:PORT.").arg(address);
      return {};
    }
    addresses << address;
  }
  if (addresses.isEmpty()) error = Words::tr("Enter the address of a server.");
  return addresses;
}

}  // namespace starling_app
