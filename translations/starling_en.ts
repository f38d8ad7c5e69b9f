<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>PresenceWords</name>
    <message numerus="yes">
        <source>last seen %n minute(s) ago</source>
        <translation>
            <numerusform>last seen %n minute ago</numerusform>
            <numerusform>last seen %n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>last seen %n hour(s) ago</source>
        <translation>
            <numerusform>last seen %n hour ago</numerusform>
            <numerusform>last seen %n hours ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%n message(s) wait(s) and will be sent by itself (themselves).</source>
        <translation>
            <numerusform>%n message waits and will be sent by itself.</numerusform>
            <numerusform>%n messages wait and will be sent by themselves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n member</numerusform>
            <numerusform>%n members</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n other(s)</source>
        <translation>
            <numerusform>%1 and %n other</numerusform>
            <numerusform>%1 and %n others</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>starling_app::AccountDesk</name>
    <message numerus="yes">
        <source>The password is changed. %n other device(s) was (were) logged out.</source>
        <translation>
            <numerusform>The password is changed. %n other device was logged out.</numerusform>
            <numerusform>The password is changed. %n other devices were logged out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A password has at least %n letter(s).</source>
        <translation>
            <numerusform>A password has at least %n letter.</numerusform>
            <numerusform>A password has at least %n letters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>starling_app::LocalCluster</name>
    <message numerus="yes">
        <source>The servers did not start within %n second(s).</source>
        <translation>
            <numerusform>The servers did not start within %n second.</numerusform>
            <numerusform>The servers did not start within %n seconds.</numerusform>
        </translation>
    </message>
</context>
</TS>
