"""Runs a command in a terminal of its own and types a passphrase whenever it asks for one.

Usage: passphrase.py PASSPHRASE COMMAND...
"""

import os
import pty
import select
import sys
import time

passphrase, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)

deadline, seen, answered = time.monotonic() + 60, b"", 0
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if seen.lower().count(b"passphrase") > answered and seen.rstrip(b" \x1b[0K\x1b[Fm").endswith(b":"):
        answered = seen.lower().count(b"passphrase")
        os.write(terminal, passphrase.encode() + b"\n")

_, status = os.waitpid(child, 0)
sys.stderr.write(seen.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(status))
