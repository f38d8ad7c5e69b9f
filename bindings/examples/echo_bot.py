#!/usr/bin/env python3
"""Answers every message with the same words: exactly once, also when it is killed and started anew.

    echo_bot.py 127.0.0.1:5101 echo "correct horse" echo.cursor
"""

import pathlib
import sys

import starling


def answer_id(message: starling.Message) -> bytes:
    """The same 16 bytes for the same message: an answer that was sent already is not sent again."""
    return b"echo" + message.id.to_bytes(12, "big")


def keep(place: pathlib.Path, cursor: starling.Cursor) -> None:
    """Whenever the bot is killed, the file holds this cursor or the one before, never a part."""
    fresh = place.with_name(place.name + ".new")
    fresh.write_text(str(cursor))
    fresh.replace(place)


def main(address: str, name: str, password: str, cursor_file: str) -> None:
    kept = pathlib.Path(cursor_file)
    with starling.Client([address]) as client:
        try:
            client.create_account(name, password)
        except starling.AlreadyExists:
            pass
        me = client.login(name, password)
        after = starling.Cursor.parse(kept.read_text() if kept.exists() else "0:0:0")
        print(f"{name} answers", flush=True)
        for event in me.events(after=after):
            message = event.message
            if message is not None and message.sender != name and not message.deleted:
                me.send(message.conversation_id, message.body, request_id=answer_id(message))
            keep(kept, event.cursor)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        wanted = sys.argv[1:] in (["--help"], ["-h"])
        print(__doc__.strip(), file=sys.stdout if wanted else sys.stderr)
        sys.exit(0 if wanted else 2)
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
    except starling.Error as error:
        sys.exit(f"echo_bot: {error}")
