# Ada sends COUNT messages and bob receives them, while somebody else kills primaries.
import sys
import threading
import starling
count, client = int(sys.argv[1]), starling.Client(sys.argv[2:])
ada, bob = (client.login(name, "correct horse") for name in ("ada", "bob"))
chat, events = ada.open_direct("bob"), bob.events()
def send():
    for n in range(count):
        print(ada.send(chat.id, str(n)).body, flush=True)
threading.Thread(target=send).start()
messages = (event.message for event in events if event.message)
got = [next(messages).body for _ in range(count)]
assert got == [str(n) for n in range(count)], "lost, doubled or out of order"
print("stored", [m.body for m in bob.messages(chat.id, limit=5)])
