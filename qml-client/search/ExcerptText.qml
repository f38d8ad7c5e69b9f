// Words of a message with what was found in them.
import QtQuick
import Starling.Client
import Starling.Theme

TextEdit {
    id: words

    required property list<int> hits // See Excerpt.

    textFormat: TextEdit.PlainText
    wrapMode: TextEdit.Wrap
    readOnly: true
    enabled: false // The row is clicked, not the words.
    color: Theme.textSoft
    font.pixelSize: Theme.fontPreview
    Accessible.ignored: true // The row says them.

    HitHighlighter {
        document: words.textDocument
        hits: words.hits
        color: Theme.mention
    }
}
