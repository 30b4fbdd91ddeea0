"""The command `pointbook` as a process that starts in hundredths of a second.

A server has imported everything, and has run each command once, so that schemas and templates are compiled.
The command asks it to fork, and hands over its streams, folder and environment, so that what runs is a
process of its own. What CI runs calls the command ten times.

    python warm_command.py SOCKET     is the server
    pointbook ARGUMENT...             is made by `client_in`
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path

import jinja2
from repositories import FILES

CLIENT = """\
#!{python} -SE
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
socket.send_fds(server, [b"x"], [0, 1, 2])
server.sendall(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode())
server.shutdown(socket.SHUT_WR)
sys.exit(int(server.recv(9)))
"""


def client_in(folder: Path, path: str) -> None:
    """Writes the command `pointbook`, which asks the server at `path`, into `folder`."""
    command = folder / "pointbook"
    command.write_text(CLIENT.format(python=sys.executable, path=path), encoding="utf-8")
    command.chmod(0o755)


def serve(path: str) -> None:
    main = importlib.import_module("pointbook_cli.main")
    for name in main.COMMANDS:
        importlib.import_module(f"pointbook_cli.commands.{name}")
    warm(main)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that ended
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        asked, _ = listener.accept()
        if os.fork() == 0:
            answer(asked, main)
        asked.close()


def warm(main: object) -> None:
    """Runs each command on a small program, here."""
    compiled: dict[object, object] = {}
    compile_template = jinja2.Environment.compile

    def once(self: jinja2.Environment, source: str, *names: str | None) -> object:
        if (source, names) not in compiled:
            compiled[source, names] = compile_template(self, source, *names)
        return compiled[source, names]

    jinja2.Environment.compile = once  # type: ignore[assignment]  # the same template means the same
    log = ("--events", "log/events.csv", "--members", "log/members.csv")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), Path(os.devnull).open("w") as no:
        for name, text in FILES.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        with contextlib.redirect_stdout(no), contextlib.redirect_stderr(no):
            for command in (
                ("validate", "rules/club"),
                ("test", "rules/club"),
                ("diff", "rules/club", "2024", "2025", "--format", "markdown"),
                ("compare", "rules/club", "2024", "2025", *log, "--out", "a.html", "--out", "a.md"),
            ):
                main.exit_code_of(list(command))  # type: ignore[attr-defined]  # a module


def answer(asked: socket.socket, main: object) -> None:
    """Runs the command as it was asked for, and sends its exit code."""
    warm(main)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(asked, 1, 3)
    arguments, folder, environment = json.loads(b"".join(iter(lambda: asked.recv(1 << 16), b"")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Python's own remember what they wrote to before.
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - streams of the process
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pointbook", *arguments]
    code = 70
    try:
        main.main()  # type: ignore[attr-defined]  # a module
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - the process ends below in any case
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        asked.sendall(str(code).encode())
        os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
