// Pictures of the window with a conversation, wide and narrow. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {

bool take_chat_pictures(Photographer& photographer) {
  const qint64 grace = photographer.id_of("grace");
  if (grace == 0 || !photographer.both(QStringLiteral("nothing-open"))) return false;
  photographer.client().openConversation(grace);
  return photographer.both_now(QStringLiteral("chat-loading")) && photographer.open("grace") &&
         photographer.both(QStringLiteral("chat"));
}

bool take_small_pictures(Photographer& photographer) {
  const QSize size = photographer.window().size();
  photographer.window().resize(400, 640);
  if (!photographer.both(QStringLiteral("small-chat"))) return false;
  photographer.client().closeConversation();
  if (!photographer.both(QStringLiteral("small-list"))) return false;
  photographer.window().resize(size);
  return photographer.open("grace");
}

}  // namespace starling_app
