// See hit_highlighter.h.
#include "qml-client/src/hit_highlighter.h"

#include <QSyntaxHighlighter>
#include <QTextCharFormat>
#include <QTextDocument>

namespace starling_app {

class HitHighlighter::Painter : public QSyntaxHighlighter {
 public:
  Painter(QTextDocument* document, const HitHighlighter& owner)
      : QSyntaxHighlighter(document), owner_(&owner) {
    connect(&owner, &QObject::destroyed, this, [this] { owner_ = nullptr; });
  }

 protected:
  void highlightBlock(const QString& text) override {
    if (owner_ == nullptr) return;
    QTextCharFormat format;
    format.setForeground(owner_->color_);
    format.setFontWeight(QFont::DemiBold);
    const QList<int>& hits = owner_->hits_;
    for (qsizetype i = 0; i + 1 < hits.size(); i += 2) {
      if (hits[i] >= 0 && hits[i] + hits[i + 1] <= text.size()) {
        setFormat(hits[i], hits[i + 1], format);
      }
    }
  }

 private:
  const HitHighlighter* owner_;
};

void HitHighlighter::set_document(QQuickTextDocument* document) {
  if (document == document_) return;
  document_ = document;
  painter_ = document == nullptr ? nullptr : new Painter(document->textDocument(), *this);
  emit changed();
}

void HitHighlighter::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  if (painter_ != nullptr) painter_->rehighlight();
  emit changed();
}

void HitHighlighter::set_hits(const QList<int>& hits) {
  if (hits == hits_) return;
  hits_ = hits;
  if (painter_ != nullptr) painter_->rehighlight();
  emit changed();
}

}  // namespace starling_app
