<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccountForm</name>
    <message>
        <source>Your account</source>
        <translation>Dein Konto</translation>
    </message>
    <message>
        <source>Parts of the account</source>
        <translation>Teile des Kontos</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Blockiert</translation>
    </message>
</context>
<context>
    <name>Addresses</name>
    <message>
        <source>&quot;%1&quot; is not an address of the form HOST:PORT.</source>
        <translation>„%1“ ist keine Adresse der Form RECHNER:PORT.</translation>
    </message>
    <message>
        <source>Enter the address of a server.</source>
        <translation>Gib die Adresse eines Servers ein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; needs brackets, as in [::1]:5101.</source>
        <translation>„%1“ braucht Klammern, wie in [::1]:5101.</translation>
    </message>
</context>
<context>
    <name>BlockedDelegate</name>
    <message>
        <source>Unblock</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Unblock %1</source>
        <translation>%1 freigeben</translation>
    </message>
</context>
<context>
    <name>BlockedForm</name>
    <message>
        <source>Whom you block can neither write to you directly nor add you to groups. They are not told.</source>
        <translation>Wen du blockierst, der kann dir weder direkt schreiben noch dich zu Gruppen hinzufügen. Er erfährt nichts davon.</translation>
    </message>
    <message>
        <source>Blocked people</source>
        <translation>Blockierte Personen</translation>
    </message>
    <message>
        <source>Asking the servers…</source>
        <translation>Die Server werden gefragt …</translation>
    </message>
    <message>
        <source>You block nobody</source>
        <translation>Du blockierst niemanden</translation>
    </message>
    <message>
        <source>A person’s profile has the button for it.</source>
        <translation>Der Knopf dafür ist im Profil der Person.</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Choose a conversation</source>
        <translation>Wähle eine Unterhaltung</translation>
    </message>
    <message>
        <source>Ctrl+K jumps anywhere, Ctrl+N finds people, F1 shows all keys.</source>
        <translation>Strg+K springt überallhin, Strg+N findet Personen, F1 zeigt alle Tasten.</translation>
    </message>
</context>
<context>
    <name>ClusterView</name>
    <message>
        <source>Cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschehen ist</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copies what happened as text</source>
        <translation>Kopiert als Text, was geschehen ist</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Save the change</source>
        <translation>Änderung speichern</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
</context>
<context>
    <name>ComposerField</name>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>Nachricht schreiben</translation>
    </message>
</context>
<context>
    <name>ConversationDelegate</name>
    <message>
        <source>%1, group of %2</source>
        <translation>%1, Gruppe mit %2</translation>
    </message>
    <message>
        <source>, %1 unread</source>
        <translation>, %1 ungelesen</translation>
    </message>
    <message>
        <source>, you are mentioned</source>
        <translation>, du wirst erwähnt</translation>
    </message>
</context>
<context>
    <name>ConversationHeader</name>
    <message>
        <source>Back to the conversations</source>
        <translation>Zurück zu den Unterhaltungen</translation>
    </message>
    <message>
        <source>The group and its members</source>
        <translation>Die Gruppe und ihre Mitglieder</translation>
    </message>
</context>
<context>
    <name>ConversationRows</name>
    <message>
        <source>Conversations; Enter opens one</source>
        <translation>Unterhaltungen; Eingabe öffnet eine</translation>
    </message>
</context>
<context>
    <name>DeleteForm</name>
    <message>
        <source>Delete the account</source>
        <translation>Konto löschen</translation>
    </message>
    <message>
        <source>This cannot be undone, and it happens on all your devices at once:</source>
        <translation>Das lässt sich nicht rückgängig machen und gilt sofort auf allen deinen Geräten:</translation>
    </message>
    <message>
        <source>You are logged out everywhere.</source>
        <translation>Du wirst überall abgemeldet.</translation>
    </message>
    <message>
        <source>What you wrote stays with those you wrote it to, under “deleted account”.</source>
        <translation>Was du geschrieben hast, bleibt bei denen, denen du es geschrieben hast, unter „gelöschtes Konto“.</translation>
    </message>
    <message>
        <source>What you have not read is gone, and what still waits to be sent is never sent.</source>
        <translation>Was du nicht gelesen hast, ist weg, und was noch auf das Senden wartet, wird nie gesendet.</translation>
    </message>
    <message>
        <source>You leave your groups. Whoever takes the name “%1” later inherits nothing.</source>
        <translation>Du verlässt deine Gruppen. Wer später den Namen „%1“ nimmt, erbt nichts.</translation>
    </message>
    <message>
        <source>Your password</source>
        <translation>Dein Passwort</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>Delete it for good</source>
        <translation>Endgültig löschen</translation>
    </message>
</context>
<context>
    <name>DeviceDelegate</name>
    <message>
        <source>%1, this device</source>
        <translation>%1, dieses Gerät</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Log out %1</source>
        <translation>%1 abmelden</translation>
    </message>
    <message>
        <source>This device · %1</source>
        <translation>Dieses Gerät · %1</translation>
    </message>
</context>
<context>
    <name>DevicesForm</name>
    <message>
        <source>Each log-in counts as a device. One that you do not know should go, and the password with it.</source>
        <translation>Jede Anmeldung zählt als Gerät. Eines, das du nicht kennst, sollte gehen, und das Passwort mit ihm.</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Asking the servers…</source>
        <translation>Die Server werden gefragt …</translation>
    </message>
</context>
<context>
    <name>EmojiButton</name>
    <message>
        <source>React with %1</source>
        <translation>Mit %1 reagieren</translation>
    </message>
</context>
<context>
    <name>EventRows</name>
    <message>
        <source>What happened</source>
        <translation>Was geschehen ist</translation>
    </message>
</context>
<context>
    <name>FailureLine</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Not sent.</source>
        <translation>Nicht gesendet.</translation>
    </message>
    <message>
        <source>Not sent: %1</source>
        <translation>Nicht gesendet: %1</translation>
    </message>
</context>
<context>
    <name>GroupEnding</name>
    <message>
        <source>Yes, leave the group</source>
        <translation>Ja, Gruppe verlassen</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Yes, dissolve it for everybody</source>
        <translation>Ja, für alle auflösen</translation>
    </message>
    <message>
        <source>Dissolve</source>
        <translation>Auflösen</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
</context>
<context>
    <name>GroupTitle</name>
    <message>
        <source>Rename the group</source>
        <translation>Gruppe umbenennen</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>Name der Gruppe</translation>
    </message>
    <message>
        <source>Save the name</source>
        <translation>Namen speichern</translation>
    </message>
</context>
<context>
    <name>HistoryVersions</name>
    <message>
        <source>Earlier versions</source>
        <translation>Frühere Fassungen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Versions of the message</source>
        <translation>Fassungen der Nachricht</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>To the newest message, %1 new</source>
        <translation>Zur neuesten Nachricht, %1 neu</translation>
    </message>
    <message>
        <source>To the newest message</source>
        <translation>Zur neuesten Nachricht</translation>
    </message>
</context>
<context>
    <name>KeysForm</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Jump to a conversation, a person, an action</source>
        <translation>Zu einer Unterhaltung, Person oder Aktion springen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Conversation above, below</source>
        <translation>Unterhaltung darüber, darunter</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>Diese Tasten</translation>
    </message>
    <message>
        <source>Close what is on top, then the conversation</source>
        <translation>Schließen, was obenauf liegt, dann die Unterhaltung</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Go along the list, open</source>
        <translation>Durch die Liste gehen, öffnen</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Older, newer</source>
        <translation>Ältere, neuere</translation>
    </message>
    <message>
        <source>What can be done with one</source>
        <translation>Was man mit einer tun kann</translation>
    </message>
    <message>
        <source>Answer, edit, delete, copy</source>
        <translation>Antworten, bearbeiten, löschen, kopieren</translation>
    </message>
    <message>
        <source>To the newest</source>
        <translation>Zur neuesten</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Send, new line (or as is set)</source>
        <translation>Senden, neue Zeile (oder wie eingestellt)</translation>
    </message>
    <message>
        <source>Name somebody</source>
        <translation>Jemanden nennen</translation>
    </message>
    <message>
        <source>Edit your last message, in an empty field</source>
        <translation>Letzte eigene Nachricht bearbeiten, im leeren Feld</translation>
    </message>
    <message>
        <source>Leave an answer or an edit</source>
        <translation>Antwort oder Bearbeitung verlassen</translation>
    </message>
    <message>
        <source>Search messages</source>
        <translation>Nachrichten suchen</translation>
    </message>
</context>
<context>
    <name>ListHeader</name>
    <message>
        <source>Jump to a conversation, a person, an action</source>
        <translation>Zu einer Unterhaltung, Person oder Aktion springen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
</context>
<context>
    <name>ListState</name>
    <message>
        <source>No conversations yet</source>
        <translation>Noch keine Unterhaltungen</translation>
    </message>
    <message>
        <source>No server answers</source>
        <translation>Kein Server antwortet</translation>
    </message>
    <message>
        <source>Loading your conversations…</source>
        <translation>Deine Unterhaltungen werden geladen …</translation>
    </message>
    <message>
        <source>Find somebody by name and say hello.</source>
        <translation>Finde jemanden beim Namen und sag Hallo.</translation>
    </message>
    <message>
        <source>They appear as soon as one does.</source>
        <translation>Sobald einer antwortet, sind sie da.</translation>
    </message>
    <message>
        <source>Find people</source>
        <translation>Personen finden</translation>
    </message>
</context>
<context>
    <name>LoginForm</name>
    <message>
        <source>Make an account to start chatting</source>
        <translation>Leg ein Konto an, um zu schreiben</translation>
    </message>
    <message>
        <source>Chat that keeps talking when servers die</source>
        <translation>Chat, der weiterredet, wenn Server sterben</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name that others see (optional)</source>
        <translation>Name, den andere sehen (freiwillig)</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Stay logged in on this computer</source>
        <translation>Auf diesem Rechner angemeldet bleiben</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>Sign up</source>
        <translation>Konto anlegen</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>I have an account</source>
        <translation>Ich habe ein Konto</translation>
    </message>
    <message>
        <source>Make an account</source>
        <translation>Ein Konto anlegen</translation>
    </message>
    <message>
        <source>Looks for servers at %1</source>
        <translation>Sucht Server bei %1</translation>
    </message>
    <message>
        <source>Other servers</source>
        <translation>Andere Server</translation>
    </message>
</context>
<context>
    <name>MainMenuItems</name>
    <message>
        <source>Your account</source>
        <translation>Dein Konto</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>Neue Gruppe</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Servers of the cluster</source>
        <translation>Server des Clusters</translation>
    </message>
</context>
<context>
    <name>MemberDelegate</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (du)</translation>
    </message>
    <message>
        <source>What can be done with %1</source>
        <translation>Was man mit %1 tun kann</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Make admin</source>
        <translation>Zum Admin machen</translation>
    </message>
    <message>
        <source>No longer admin</source>
        <translation>Kein Admin mehr</translation>
    </message>
    <message>
        <source>Make owner</source>
        <translation>Zum Besitzer machen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>MemberRows</name>
    <message>
        <source>Members</source>
        <translation>Mitglieder</translation>
    </message>
</context>
<context>
    <name>MembersForm</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Add people</source>
        <translation>Personen hinzufügen</translation>
    </message>
    <message>
        <source>Add to the group</source>
        <translation>Zur Gruppe hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>MentionRows</name>
    <message>
        <source>People to mention</source>
        <translation>Personen zum Erwähnen</translation>
    </message>
</context>
<context>
    <name>MessageBubble</name>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
</context>
<context>
    <name>MessageMenuItems</name>
    <message>
        <source>Reply</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Go to what it answers</source>
        <translation>Zur beantworteten Nachricht</translation>
    </message>
    <message>
        <source>Earlier versions</source>
        <translation>Frühere Fassungen</translation>
    </message>
    <message>
        <source>Hide for me</source>
        <translation>Für mich ausblenden</translation>
    </message>
    <message>
        <source>Delete for everybody</source>
        <translation>Für alle löschen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Cancel sending, unless it is sent already</source>
        <translation>Senden abbrechen, falls noch nicht gesendet</translation>
    </message>
    <message>
        <source>Cancel sending</source>
        <translation>Senden abbrechen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
</context>
<context>
    <name>MessageQuote</name>
    <message>
        <source>Answers %1: %2</source>
        <translation>Antwortet %1: %2</translation>
    </message>
</context>
<context>
    <name>NewGroupForm</name>
    <message>
        <source>New group</source>
        <translation>Neue Gruppe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>Name der Gruppe</translation>
    </message>
    <message>
        <source>Create the group</source>
        <translation>Gruppe anlegen</translation>
    </message>
</context>
<context>
    <name>PaletteDelegate</name>
    <message>
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
</context>
<context>
    <name>PaletteForm</name>
    <message>
        <source>A conversation, a person, or what to do</source>
        <translation>Eine Unterhaltung, eine Person oder eine Aktion</translation>
    </message>
    <message>
        <source>What fits</source>
        <translation>Was passt</translation>
    </message>
    <message>
        <source>Nothing fits “%1”</source>
        <translation>Nichts passt zu „%1“</translation>
    </message>
    <message>
        <source>Fewer letters find more.</source>
        <translation>Weniger Buchstaben finden mehr.</translation>
    </message>
</context>
<context>
    <name>PasswordForm</name>
    <message>
        <source>Your other devices are logged out when the password changes. This one stays.</source>
        <translation>Deine anderen Geräte werden abgemeldet, wenn sich das Passwort ändert. Dieses bleibt.</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>Jetziges Passwort</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Neues Passwort</translation>
    </message>
    <message>
        <source>New password once more</source>
        <translation>Neues Passwort noch einmal</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>Passwort ändern</translation>
    </message>
</context>
<context>
    <name>PeopleFinder</name>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>Neue Gruppe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Name, * and ? stand for any letters</source>
        <translation>Name, * und ? stehen für beliebige Buchstaben</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Suche …</translation>
    </message>
    <message>
        <source>“*” stands for any letters: *son finds all who end so.</source>
        <translation>„*“ steht für beliebige Buchstaben: *son findet alle, die so enden.</translation>
    </message>
</context>
<context>
    <name>PeoplePicker</name>
    <message>
        <source>Take %1 out</source>
        <translation>%1 herausnehmen</translation>
    </message>
    <message>
        <source>Find people</source>
        <translation>Personen finden</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
</context>
<context>
    <name>PersonDelegate</name>
    <message>
        <source>Profile of %1</source>
        <translation>Profil von %1</translation>
    </message>
</context>
<context>
    <name>PersonForm</name>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Here since %1</source>
        <translation>Dabei seit %1</translation>
    </message>
    <message>
        <source>Asking the servers…</source>
        <translation>Die Server werden gefragt …</translation>
    </message>
    <message>
        <source>You block %1.</source>
        <translation>Du blockierst %1.</translation>
    </message>
    <message>
        <source>%1 will neither be able to write to you directly nor to add you to groups, and is not told.</source>
        <translation>%1 kann dir dann weder direkt schreiben noch dich zu Gruppen hinzufügen und erfährt nichts davon.</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Yes, block</source>
        <translation>Ja, blockieren</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Blockieren</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
</context>
<context>
    <name>PresenceWords</name>
    <message>
        <source>last seen just now</source>
        <translation>gerade noch online</translation>
    </message>
    <message numerus="yes">
        <source>last seen %n minute(s) ago</source>
        <translation>
            <numerusform>zuletzt online vor %n Minute</numerusform>
            <numerusform>zuletzt online vor %n Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>last seen %n hour(s) ago</source>
        <translation>
            <numerusform>zuletzt online vor %n Stunde</numerusform>
            <numerusform>zuletzt online vor %n Stunden</numerusform>
        </translation>
    </message>
    <message>
        <source>last seen yesterday at %1</source>
        <translation>zuletzt online gestern um %1</translation>
    </message>
    <message>
        <source>last seen on %1</source>
        <comment>a weekday or a date</comment>
        <translation>zuletzt online: %1</translation>
    </message>
    <message>
        <source>online</source>
        <translation>online</translation>
    </message>
    <message>
        <source>away</source>
        <translation>abwesend</translation>
    </message>
    <message>
        <source>several people are typing…</source>
        <translation>mehrere schreiben …</translation>
    </message>
    <message>
        <source>%1 and %2 are typing…</source>
        <translation>%1 und %2 schreiben …</translation>
    </message>
    <message>
        <source>somebody is typing…</source>
        <translation>jemand schreibt …</translation>
    </message>
    <message>
        <source>%1 is typing…</source>
        <translation>%1 schreibt …</translation>
    </message>
    <message>
        <source>typing…</source>
        <translation>schreibt …</translation>
    </message>
</context>
<context>
    <name>ProfileForm</name>
    <message>
        <source>Here since %1</source>
        <translation>Dabei seit %1</translation>
    </message>
    <message>
        <source>Name that others see</source>
        <translation>Name, den andere sehen</translation>
    </message>
    <message>
        <source>About you</source>
        <translation>Über dich</translation>
    </message>
    <message>
        <source>A few words about yourself</source>
        <translation>Ein paar Worte über dich</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Delete the account</source>
        <translation>Konto löschen</translation>
    </message>
</context>
<context>
    <name>QuoteBar</name>
    <message>
        <source>Leave the message as it was</source>
        <translation>Nachricht lassen, wie sie war</translation>
    </message>
    <message>
        <source>Answer nothing</source>
        <translation>Auf nichts antworten</translation>
    </message>
</context>
<context>
    <name>SearchForm</name>
    <message>
        <source>Search messages</source>
        <translation>Nachrichten suchen</translation>
    </message>
    <message>
        <source>Only here</source>
        <translation>Nur hier</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Searches in %1 only</source>
        <translation>Sucht nur in %1</translation>
    </message>
    <message>
        <source>Searches in all conversations</source>
        <translation>Sucht in allen Unterhaltungen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Words in %1</source>
        <translation>Wörter in %1</translation>
    </message>
    <message>
        <source>Words in all conversations</source>
        <translation>Wörter in allen Unterhaltungen</translation>
    </message>
    <message>
        <source>Searching …</source>
        <translation>Suche läuft …</translation>
    </message>
    <message>
        <source>Finds words, and names of people behind from: and in:</source>
        <translation>Findet Wörter, und hinter from: und in: Namen von Personen</translation>
    </message>
</context>
<context>
    <name>SelfButton</name>
    <message>
        <source>Your account, %1</source>
        <translation>Dein Konto, %1</translation>
    </message>
</context>
<context>
    <name>ServerForm</name>
    <message>
        <source>Where is your Starling? One server’s address is enough: it knows the others.</source>
        <translation>Wo ist dein Starling? Die Adresse eines Servers genügt: er kennt die anderen.</translation>
    </message>
    <message>
        <source>Address, such as chat.example.org:5101</source>
        <translation>Adresse, etwa chat.example.org:5101</translation>
    </message>
    <message>
        <source>Use this server</source>
        <translation>Diesen Server nehmen</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>Start servers on this computer</source>
        <translation>Server auf diesem Rechner starten</translation>
    </message>
    <message>
        <source>To try it alone, install clusterctl beside this app: it starts servers on this computer.</source>
        <translation>Zum Ausprobieren: clusterctl neben dieser App installieren, es startet Server auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
</context>
<context>
    <name>ServerRows</name>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
</context>
<context>
    <name>SessionFile</name>
    <message>
        <source>%1 cannot be read. Log in again.</source>
        <translation>%1 lässt sich nicht lesen. Melde dich neu an.</translation>
    </message>
    <message>
        <source>%1 was written by a newer Starling. Update this one, or log in again, which replaces it.</source>
        <translation>%1 stammt von einem neueren Starling. Aktualisiere dieses oder melde dich neu an, das ersetzt die Datei.</translation>
    </message>
    <message>
        <source>%1 is damaged. Log in again, which replaces it.</source>
        <translation>%1 ist beschädigt. Melde dich neu an, das ersetzt die Datei.</translation>
    </message>
    <message>
        <source>%1 cannot be written: the next start asks for the password.</source>
        <translation>%1 lässt sich nicht schreiben: der nächste Start fragt nach dem Passwort.</translation>
    </message>
</context>
<context>
    <name>SettingsForm</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SettingsRows</name>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Eingabe sendet</translation>
    </message>
    <message>
        <source>Shift+Enter begins a new line.</source>
        <translation>Umschalt+Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends; Enter begins a new line.</source>
        <translation>Strg+Eingabe sendet; Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Tell of new messages</source>
        <translation>Neue Nachrichten melden</translation>
    </message>
    <message>
        <source>While this window is not in use.</source>
        <translation>Solange dieses Fenster nicht benutzt wird.</translation>
    </message>
    <message>
        <source>Show what was written</source>
        <translation>Zeigen, was geschrieben wurde</translation>
    </message>
    <message>
        <source>Who looks at the screen can read it.</source>
        <translation>Wer auf den Bildschirm schaut, kann es lesen.</translation>
    </message>
    <message>
        <source>Only who wrote is shown.</source>
        <translation>Nur wer geschrieben hat, wird gezeigt.</translation>
    </message>
    <message>
        <source>Stay in the tray</source>
        <translation>In der Leiste bleiben</translation>
    </message>
    <message>
        <source>Closing the window leaves Starling running where the desktop has a tray.</source>
        <translation>Nach dem Schließen des Fensters läuft Starling weiter, wo der Desktop eine Leiste hat.</translation>
    </message>
</context>
<context>
    <name>StKeys</name>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
</context>
<context>
    <name>StTitle</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>StatusPill</name>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
</context>
<context>
    <name>TimelineView</name>
    <message>
        <source>Messages; Enter opens what can be done with one</source>
        <translation>Nachrichten; Eingabe öffnet, was man mit einer tun kann</translation>
    </message>
    <message>
        <source>No messages yet</source>
        <translation>Noch keine Nachrichten</translation>
    </message>
    <message>
        <source>Loading messages…</source>
        <translation>Nachrichten werden geladen …</translation>
    </message>
    <message>
        <source>Say hello.</source>
        <translation>Sag Hallo.</translation>
    </message>
    <message>
        <source>Loading older messages…</source>
        <translation>Ältere Nachrichten werden geladen …</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
</context>
<context>
    <name>UnreadLine</name>
    <message>
        <source>New messages</source>
        <translation>Neue Nachrichten</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>d MMMM</source>
        <comment>a date of this year</comment>
        <translation>d. MMMM</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <comment>a date</comment>
        <translation>d. MMMM yyyy</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) wait(s) and will be sent by itself (themselves).</source>
        <translation>
            <numerusform>%n Nachricht wartet und wird von selbst gesendet.</numerusform>
            <numerusform>%n Nachrichten warten und werden von selbst gesendet.</numerusform>
        </translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Besitzer</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>Admin</translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n Mitglied</numerusform>
            <numerusform>%n Mitglieder</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 created the group “%2”</source>
        <translation>%1: Gruppe „%2“ angelegt</translation>
    </message>
    <message>
        <source>%1 named the group “%2”</source>
        <translation>%1: Gruppe in „%2“ umbenannt</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n other(s)</source>
        <translation>
            <numerusform>%1 und %n weitere Person</numerusform>
            <numerusform>%1 und %n weitere Personen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 added %2</source>
        <translation>%1: %2 hinzugefügt</translation>
    </message>
    <message>
        <source>%1 removed %2</source>
        <translation>%1: %2 entfernt</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>%1: Gruppe verlassen</translation>
    </message>
    <message>
        <source>%1 made %2 the owner</source>
        <translation>%1: %2 zum Besitzer gemacht</translation>
    </message>
    <message>
        <source>%1 made %2 an admin</source>
        <translation>%1: %2 zum Admin gemacht</translation>
    </message>
    <message>
        <source>%1 took the admin’s role from %2</source>
        <translation>%1: %2 die Rolle des Admins genommen</translation>
    </message>
    <message>
        <source>%1 dissolved the group</source>
        <translation>%1: Gruppe aufgelöst</translation>
    </message>
    <message>
        <source>%1 changed the group</source>
        <translation>%1: Gruppe geändert</translation>
    </message>
    <message>
        <source>This message was deleted.</source>
        <translation>Diese Nachricht wurde gelöscht.</translation>
    </message>
    <message>
        <source>You have hidden this message.</source>
        <translation>Du hast diese Nachricht ausgeblendet.</translation>
    </message>
    <message>
        <source>Name or password is wrong.</source>
        <translation>Name oder Passwort ist falsch.</translation>
    </message>
    <message>
        <source>That name is taken. Choose another one.</source>
        <translation>Der Name ist vergeben. Wähle einen anderen.</translation>
    </message>
    <message>
        <source>Nobody has that name.</source>
        <translation>Niemand heißt so.</translation>
    </message>
    <message>
        <source>You may not do that.</source>
        <translation>Das darfst du nicht.</translation>
    </message>
    <message>
        <source>The servers did not answer in time. It may have happened.</source>
        <translation>Die Server haben nicht rechtzeitig geantwortet. Vielleicht ist es geschehen.</translation>
    </message>
    <message>
        <source>The servers cannot be reached. Try again in a moment.</source>
        <translation>Die Server sind nicht zu erreichen. Versuch es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Too much is waiting already. Try again later.</source>
        <translation>Es wartet schon zu viel. Versuch es später.</translation>
    </message>
    <message>
        <source>That was interrupted.</source>
        <translation>Das wurde unterbrochen.</translation>
    </message>
    <message>
        <source>The history changed. Reloading it.</source>
        <translation>Der Verlauf hat sich geändert. Er wird neu geladen.</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>Etwas ist schiefgegangen.</translation>
    </message>
    <message>
        <source>That is not there any more.</source>
        <translation>Das gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>Your session has ended. Log in again.</source>
        <translation>Deine Sitzung ist zu Ende. Melde dich neu an.</translation>
    </message>
    <message>
        <source>That password is wrong.</source>
        <translation>Das Passwort ist falsch.</translation>
    </message>
    <message>
        <source>Nobody has that name any more.</source>
        <translation>Niemand heißt mehr so.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <comment>a duration</comment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <comment>a duration</comment>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <comment>a duration</comment>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>The messages that wait are in a file of a newer version of Starling. Use that version, or move the file away: then they are not sent. %1</source>
        <translation>Die wartenden Nachrichten stehen in einer Datei einer neueren Version von Starling. Nimm diese Version, oder verschiebe die Datei: Dann werden sie nicht gesendet. %1</translation>
    </message>
    <message>
        <source>Another Starling has this account open on this computer. Use that one, or end it and try again. %1</source>
        <translation>Ein anderes Starling auf diesem Rechner hat dieses Konto geöffnet. Nimm jenes, oder beende es und versuche es noch einmal. %1</translation>
    </message>
    <message>
        <source>The file of the messages that wait is damaged. Move it away, with its -wal if there is one, and try again; they may not have been sent. %1</source>
        <translation>Die Datei der wartenden Nachrichten ist beschädigt. Verschiebe sie, mit ihrer -wal, falls es eine gibt, und versuche es noch einmal; sie sind vielleicht nicht gesendet. %1</translation>
    </message>
    <message>
        <source>The file of the messages that wait belongs to another account or cluster. Move it away and try again. %1</source>
        <translation>Die Datei der wartenden Nachrichten gehört einem anderen Konto oder Cluster. Verschiebe sie und versuche es noch einmal. %1</translation>
    </message>
</context>
<context>
    <name>starling_app::AccountDesk</name>
    <message>
        <source>The password is changed.</source>
        <translation>Das Passwort ist geändert.</translation>
    </message>
    <message numerus="yes">
        <source>The password is changed. %n other device(s) was (were) logged out.</source>
        <translation>
            <numerusform>Das Passwort ist geändert. %n anderes Gerät wurde abgemeldet.</numerusform>
            <numerusform>Das Passwort ist geändert. %n andere Geräte wurden abgemeldet.</numerusform>
        </translation>
    </message>
    <message>
        <source>That name is too long.</source>
        <translation>Der Name ist zu lang.</translation>
    </message>
    <message>
        <source>What you say about yourself is too long.</source>
        <translation>Was du über dich sagst, ist zu lang.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Enter your present password.</source>
        <translation>Gib dein jetziges Passwort ein.</translation>
    </message>
    <message numerus="yes">
        <source>A password has at least %n letter(s).</source>
        <translation>
            <numerusform>Ein Passwort hat mindestens %n Zeichen.</numerusform>
            <numerusform>Ein Passwort hat mindestens %n Zeichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>That password is too long.</source>
        <translation>Das Passwort ist zu lang.</translation>
    </message>
    <message>
        <source>The new password was not typed the same twice.</source>
        <translation>Das neue Passwort war nicht zweimal gleich.</translation>
    </message>
    <message>
        <source>That device is logged out.</source>
        <translation>Das Gerät ist abgemeldet.</translation>
    </message>
    <message>
        <source>%1 can write to you again.</source>
        <translation>%1 kann dir wieder schreiben.</translation>
    </message>
    <message>
        <source>Enter your password.</source>
        <translation>Gib dein Passwort ein.</translation>
    </message>
    <message>
        <source>Your account is deleted.</source>
        <translation>Dein Konto ist gelöscht.</translation>
    </message>
    <message>
        <source>Your session has ended. Most likely your account is deleted; logging in tells.</source>
        <translation>Deine Sitzung ist zu Ende. Höchstwahrscheinlich ist dein Konto gelöscht; eine Anmeldung zeigt es.</translation>
    </message>
</context>
<context>
    <name>starling_app::AppAction</name>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>Neue Gruppe</translation>
    </message>
    <message>
        <source>Your account</source>
        <translation>Dein Konto</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>Zwischen Hell und Dunkel wechseln</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Servers of the cluster</source>
        <translation>Server des Clusters</translation>
    </message>
    <message>
        <source>Search messages</source>
        <translation>Nachrichten suchen</translation>
    </message>
</context>
<context>
    <name>starling_app::AppSettings</name>
    <message>
        <source>The settings cannot be kept: %1 cannot be written.</source>
        <translation>Die Einstellungen lassen sich nicht behalten: %1 ist nicht zu schreiben.</translation>
    </message>
</context>
<context>
    <name>starling_app::ChatClient</name>
    <message>
        <source>Too much is waiting already. Try again later.</source>
        <translation>Es wartet schon zu viel. Versuch es später.</translation>
    </message>
    <message>
        <source>Enter your name.</source>
        <translation>Gib deinen Namen ein.</translation>
    </message>
    <message>
        <source>Enter your password.</source>
        <translation>Gib dein Passwort ein.</translation>
    </message>
    <message>
        <source>Choose a name.</source>
        <translation>Wähle einen Namen.</translation>
    </message>
    <message>
        <source>Choose a password.</source>
        <translation>Wähle ein Passwort.</translation>
    </message>
    <message>
        <source>%1 cannot be made.</source>
        <translation>%1 lässt sich nicht anlegen.</translation>
    </message>
    <message>
        <source>You are no longer in “%1”.</source>
        <translation>Du bist nicht mehr in „%1“.</translation>
    </message>
    <message>
        <source>The file of waiting messages: %1</source>
        <translation>Die Datei der wartenden Nachrichten: %1</translation>
    </message>
    <message>
        <source>Log out first.</source>
        <translation>Melde dich erst ab.</translation>
    </message>
    <message>
        <source>Your session has ended. Log in again.</source>
        <translation>Deine Sitzung ist zu Ende. Melde dich neu an.</translation>
    </message>
    <message>
        <source>%1 cannot be kept from other users.</source>
        <translation>%1 lässt sich nicht vor anderen Benutzern schützen.</translation>
    </message>
    <message>
        <source>The message that you took back had been sent already. You can still delete it.</source>
        <translation>Die zurückgenommene Nachricht war schon gesendet. Du kannst sie noch löschen.</translation>
    </message>
    <message>
        <source>“%1”, which you took back, had been sent already to %2. You can still delete it.</source>
        <translation>„%1“ hast du zurückgenommen, aber die Nachricht war schon an %2 gesendet. Du kannst sie noch löschen.</translation>
    </message>
    <message>
        <source>You are not in that conversation.</source>
        <translation>Du bist nicht in dieser Unterhaltung.</translation>
    </message>
</context>
<context>
    <name>starling_app::ClusterEvents</name>
    <message>
        <source>%1 servers, term %2</source>
        <translation>%1 Server, Amtszeit %2</translation>
    </message>
    <message>
        <source>%1, all up</source>
        <translation>%1, alle laufen</translation>
    </message>
    <message>
        <source>%1; no word of %2</source>
        <translation>%1; nichts zu hören von %2</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connected; the primary is %1</source>
        <translation>Verbunden; Primärserver ist %1</translation>
    </message>
    <message>
        <source>Lost the primary</source>
        <translation>Primärserver verloren</translation>
    </message>
    <message>
        <source>Lost the primary %1</source>
        <translation>Primärserver %1 verloren</translation>
    </message>
    <message>
        <source>Too few servers are up: read-only</source>
        <translation>Zu wenige Server laufen: nur lesen</translation>
    </message>
    <message>
        <source>%1 is going to stop</source>
        <translation>%1 hört gleich auf</translation>
    </message>
    <message>
        <source>The primary is %1 now, after %2</source>
        <translation>Primärserver ist jetzt %1, nach %2</translation>
    </message>
</context>
<context>
    <name>starling_app::ClusterStatus</name>
    <message>
        <source>Connecting…</source>
        <translation>Verbinde …</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Primary %1</source>
        <translation>Primär: %1</translation>
    </message>
    <message>
        <source>Switching server…</source>
        <translation>Server wechselt …</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>Nur lesen</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>still trying</source>
        <translation>sucht weiter</translation>
    </message>
    <message>
        <source>messages wait</source>
        <translation>Nachrichten warten</translation>
    </message>
    <message>
        <source>Looking for a server.</source>
        <translation>Sucht einen Server.</translation>
    </message>
    <message>
        <source>Connected. The primary orders all messages; the others stand ready.</source>
        <translation>Verbunden. Der Primärserver ordnet alle Nachrichten; die anderen stehen bereit.</translation>
    </message>
    <message>
        <source>The primary is gone. Another server is taking over; messages wait meanwhile.</source>
        <translation>Der Primärserver ist weg. Ein anderer übernimmt; Nachrichten warten solange.</translation>
    </message>
    <message>
        <source>Too few servers are up: you can read, and messages wait until more are back.</source>
        <translation>Zu wenige Server laufen: du kannst lesen, und Nachrichten warten, bis mehr zurück sind.</translation>
    </message>
    <message>
        <source>No server has answered yet. The app goes on looking for one.</source>
        <translation>Noch hat kein Server geantwortet. Die App sucht weiter.</translation>
    </message>
    <message>
        <source>No server can be reached. Messages wait and are sent when one is back.</source>
        <translation>Kein Server ist zu erreichen. Nachrichten warten und gehen hinaus, wenn einer zurück ist.</translation>
    </message>
    <message>
        <source>failover %1</source>
        <translation>Wechsel %1</translation>
    </message>
    <message>
        <source>Now on %1, %2</source>
        <translation>Jetzt auf %1, %2</translation>
    </message>
</context>
<context>
    <name>starling_app::ComposeModel</name>
    <message>
        <source>Edit message</source>
        <translation>Nachricht bearbeiten</translation>
    </message>
    <message>
        <source>Reply to %1</source>
        <translation>Antwort an %1</translation>
    </message>
</context>
<context>
    <name>starling_app::ConversationsModel</name>
    <message>
        <source>Message deleted</source>
        <translation>Nachricht gelöscht</translation>
    </message>
    <message>
        <source>Message hidden</source>
        <translation>Nachricht ausgeblendet</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>Du: %1</translation>
    </message>
    <message>
        <source>Draft: %1</source>
        <translation>Entwurf: %1</translation>
    </message>
    <message>
        <source>No messages yet</source>
        <translation>Noch keine Nachrichten</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Du</translation>
    </message>
    <message>
        <source>you</source>
        <translation>dich</translation>
    </message>
    <message>
        <source>deleted account</source>
        <translation>gelöschtes Konto</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>starling_app::GroupDesk</name>
    <message>
        <source>Give the group a name.</source>
        <translation>Gib der Gruppe einen Namen.</translation>
    </message>
</context>
<context>
    <name>starling_app::LocalCluster</name>
    <message>
        <source>%1 cannot be started.</source>
        <translation>%1 lässt sich nicht starten.</translation>
    </message>
    <message>
        <source>Starting servers on this computer…</source>
        <translation>Server auf diesem Rechner werden gestartet …</translation>
    </message>
    <message numerus="yes">
        <source>The servers did not start within %n second(s).</source>
        <translation>
            <numerusform>Die Server sind nicht innerhalb von %n Sekunde gestartet.</numerusform>
            <numerusform>Die Server sind nicht innerhalb von %n Sekunden gestartet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The servers cannot be started: %1</source>
        <translation>Die Server lassen sich nicht starten: %1</translation>
    </message>
    <message>
        <source>%1 did not say where the servers are.</source>
        <translation>%1 hat nicht gesagt, wo die Server sind.</translation>
    </message>
</context>
<context>
    <name>starling_app::MessageActions</name>
    <message>
        <source>That message is not there any more.</source>
        <translation>Diese Nachricht gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>Nothing here opens %1</source>
        <translation>Nichts hier öffnet %1</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
</context>
<context>
    <name>starling_app::Notifier</name>
    <message>
        <source>New message</source>
        <translation>Neue Nachricht</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>starling_app::PeopleModel</name>
    <message>
        <source>Nobody else is here yet.</source>
        <translation>Noch ist niemand sonst da.</translation>
    </message>
    <message>
        <source>Nobody matches “%1”.</source>
        <translation>Niemand passt zu „%1“.</translation>
    </message>
</context>
<context>
    <name>starling_app::SearchModel</name>
    <message>
        <source>Nothing was found.</source>
        <translation>Nichts gefunden.</translation>
    </message>
</context>
<context>
    <name>starling_app::ServersModel</name>
    <message>
        <source>primary</source>
        <translation>primär</translation>
    </message>
    <message>
        <source>backup</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>joining</source>
        <translation>kommt dazu</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>going to stop</source>
        <translation>hört gleich auf</translation>
    </message>
    <message>
        <source>up</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>no majority</source>
        <translation>keine Mehrheit</translation>
    </message>
    <message>
        <source>suspect</source>
        <translation>fraglich</translation>
    </message>
    <message>
        <source>down</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>level</source>
        <translation>gleichauf</translation>
    </message>
    <message>
        <source>%1 behind</source>
        <translation>%1 zurück</translation>
    </message>
    <message>
        <source>term %1</source>
        <translation>Amtszeit %1</translation>
    </message>
    <message>
        <source>was primary</source>
        <translation>war primär</translation>
    </message>
</context>
<context>
    <name>starling_app::SessionsModel</name>
    <message>
        <source>Unnamed device</source>
        <translation>Gerät ohne Namen</translation>
    </message>
</context>
<context>
    <name>starling_app::TimelineModel</name>
    <message>
        <source>Waiting to be sent</source>
        <translation>Wartet auf das Senden</translation>
    </message>
    <message>
        <source>Sent, not confirmed yet</source>
        <translation>Gesendet, noch nicht bestätigt</translation>
    </message>
    <message>
        <source>Stored on a majority of the servers</source>
        <translation>Auf der Mehrheit der Server gespeichert</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <source>deleted account</source>
        <translation>gelöschtes Konto</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Du</translation>
    </message>
    <message>
        <source>you</source>
        <translation>dich</translation>
    </message>
    <message>
        <source>This message was deleted.</source>
        <translation>Diese Nachricht wurde gelöscht.</translation>
    </message>
    <message>
        <source>Taken back. It may have been sent already.</source>
        <translation>Zurückgenommen. Vielleicht war sie schon gesendet.</translation>
    </message>
</context>
<context>
    <name>starling_app::Tray</name>
    <message>
        <source>Open Starling</source>
        <translation>Starling öffnen</translation>
    </message>
    <message>
        <source>Mute notifications</source>
        <translation>Benachrichtigungen stumm</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Starling, %1 unread</source>
        <translation>Starling, %1 ungelesen</translation>
    </message>
    <message>
        <source>Starling</source>
        <translation>Starling</translation>
    </message>
</context>
</TS>
