"""Every word of the app is in every language: nothing missing, nothing unfinished, nothing left over."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

SOURCE = os.environ["STARLING_SOURCE_DIR"]
FORMS = 2  # Of a plural, in English and in German.


def messages(path):
    """By (context, source, comment): the message."""
    found = {}
    for context in xml.etree.ElementTree.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            key = (context.findtext("name"), message.findtext("source"), message.findtext("comment") or "")
            found[key] = message
    return found


def forms(message):
    translation = message.find("translation")
    if message.get("numerus") == "yes":
        return [form.text or "" for form in translation.findall("numerusform")]
    return [translation.text or ""]


def places(text):
    """What is put in: %1, %n, and tags never."""
    return sorted(set(re.findall(r"%(?:[1-9]|n)", text)))


class Translations(unittest.TestCase):
    def fresh(self, language, *words):
        """What the sources say today, as lupdate sees it, on top of what is there."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, f"starling_{language}.ts")
        shutil.copy(os.path.join(SOURCE, "translations", f"starling_{language}.ts"), path)
        subprocess.run([os.environ["STARLING_LUPDATE"], "-silent", "-locations", "none", "-no-obsolete", "-I", ".",
                        "-source-language", "en", "-target-language", language, *words, "qml-client", "-ts", path],
                       cwd=SOURCE, check=True, capture_output=True, timeout=50)
        return messages(path)

    def check(self, language, *words):
        kept = messages(os.path.join(SOURCE, "translations", f"starling_{language}.ts"))
        fresh = self.fresh(language, *words)
        self.assertGreater(len(fresh), 3)
        self.assertEqual(sorted(set(fresh) - set(kept)), [], "missing: ./run words, then fill them in")
        self.assertEqual(sorted(set(kept) - set(fresh)), [], "left over: ./run words")
        for key, message in kept.items():
            self.assertIsNone(message.find("translation").get("type"), key)
            own = forms(message)
            self.assertEqual(len(own), FORMS if message.get("numerus") == "yes" else 1, key)
            for form in own:
                self.assertNotEqual(form.strip(), "", key)
                self.assertEqual(places(form), places(key[1]), key)
                self.assertEqual("<" in form, "<" in key[1], key)

    def test_german(self):
        self.check("de")

    def test_english_plurals(self):
        self.check("en", "-pluralonly")

    def test_every_sentence_of_the_qml_is_asked_for(self):
        """A text in quotes that people read goes through qsTr."""
        folder = os.path.join(SOURCE, "qml-client")
        wrong = []
        for place, _, files in os.walk(folder):
            for file in files:
                if not file.endswith(".qml"):
                    continue
                with open(os.path.join(place, file), encoding="utf-8") as text:
                    for number, line in enumerate(text, 1):
                        if re.search(r'^\s*(text|label|detail|title|what|Accessible\.name): "[A-Z][a-z]', line) \
                                and '"Starling"' not in line:
                            wrong.append(f"{file}:{number}: {line.strip()}")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
