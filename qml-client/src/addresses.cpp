// See addresses.h.
#include "qml-client/src/addresses.h"

#include <QCoreApplication>

namespace starling_app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Addresses)
};

bool is_address(const QString& text) {
  const qsizetype colon = text.lastIndexOf(u':');
  bool number = false;
  const int port = text.mid(colon + 1).toInt(&number);
  return colon > 0 && number && port > 0 && port < 65'536 && !text.contains(u' ');
}

}  // namespace

QStringList addresses_in(const QString& text, QString& error) {
  error.clear();
  QStringList addresses;
  for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
    const QString address = part.trimmed();
    if (address.isEmpty()) continue;
    if (!is_address(address)) {
      error = Words::tr("\"%1\" is not an address of the form HOST:PORT.").arg(address);
      return {};
    }
    addresses << address;
  }
  if (addresses.isEmpty()) error = Words::tr("Enter the address of a server.");
  return addresses;
}

}  // namespace starling_app
