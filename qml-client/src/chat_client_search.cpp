// Implements chat_client.h: searching, and going to what was found.
#include "qml-client/src/answer.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"

namespace starling_app {

void ChatClient::load_found(int question, const QString& query, bool here, const QString& page) {
  if (!session_) return;
  starling::SearchOptions options;
  options.conversation_id = here ? current_conversation() : 0;
  options.limit = SearchModel::kPage;
  options.page = page.toStdString();
  (void)session_->search_async(
      query.toStdString(), options,
      answer<starling::SearchPage>(
          QPointer<ChatClient>(this), generation_, [question](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              return app.search_.apply_error(question, search_error(result.error()));
            }
            app.search_.apply_page(question, result.value());
          }));
}

void ChatClient::openMessage(qint64 id, qint64 seq) {
  openConversation(id);
  timeline_.jumpTo(seq);
}

}  // namespace starling_app
