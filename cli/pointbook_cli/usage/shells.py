"""What makes shells complete the command: scripts for them, and the words that these ask for.

The shells themselves complete files and folders, so that these behave as anywhere else in them.
"""

from __future__ import annotations

import os
import shlex
from contextlib import redirect_stderr, suppress
from io import StringIO
from typing import TYPE_CHECKING, Any

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

from pointbook_cli.usage.known_words import TypedLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

VARIABLE = "_POINTBOOK_COMPLETE"
"""Environment variable by which a script asks for words: the shell's name, and `_complete`."""
_LONGEST_HELP = 70


class _PointbookComplete(ShellComplete):
    """What shells have in common here."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """The words that can stand there; where nothing else can, options."""
        is_value = incomplete or (args[-1:] and args[-1].startswith("-"))
        found = super().get_completions(args, incomplete)
        if not found and not is_value:
            found = super().get_completions(args, "-")
        return [CompletionItem(item.value, item.type, _short(item.help)) for item in found]


def _short(text: str | None) -> str | None:
    """The first sentence, or as much of it as fits beside a word."""
    if text is None:
        return None
    first = " ".join(text.split()).partition(". ")[0].removesuffix(".")
    return first if len(first) <= _LONGEST_HELP else f"{first[: _LONGEST_HELP - 1].rstrip()}…"


class PointbookBash(_PointbookComplete, BashComplete):
    """Bash."""

    source_template = """\
%(complete_func)s() {
    local kind value line
    COMPREPLY=()
    while IFS= read -r line; do
        kind=${line%%%%,*} value=${line#*,}
        case $kind in
            dir) type compopt &>/dev/null && compopt -o bashdefault -o dirnames ;;
            file) type compopt &>/dev/null && compopt -o bashdefault -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -o default -F %(complete_func)s %(prog_name)s
"""

    def source(self) -> str:
        """The script, for any version of Bash."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the beginning of that at it."""
        line = os.fsencode(os.environ["COMP_LINE"])
        point = int(os.environ["COMP_POINT"])
        before, behind = os.fsdecode(line[:point]), os.fsdecode(line[point:])
        words = split_arg_string(before)[1:]
        incomplete = "" if not words or _is_ended(before) else words.pop()
        self.ctx_args["obj"] = TypedLine((*words[1:], *split_arg_string(behind)))
        self._begun = incomplete
        self._is_quoted = _is_open(before)
        return words, incomplete

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """A word as it is put in place of the last part that Bash sees: from `:` or `=` on."""
        if item.type != "plain":
            return f"{item.type},"
        breaks = [one for one in ":=" if one in os.environ.get("COMP_WORDBREAKS", "")]
        value, begun = str(item.value), self._begun
        if begun.startswith("--") and "=" in begun:
            begun = begun.partition("=")[2]
        cut = max((begun.rfind(one) for one in breaks), default=-1) + 1
        shown = value[cut:]
        return f"plain,{shown if self._is_quoted else shlex.quote(shown)}"


def _is_open(text: str) -> bool:
    """Whether a quotation mark is not closed."""
    try:
        shlex.split(text)
    except ValueError:
        return True
    return False


def _is_ended(text: str) -> bool:
    """Whether a new word begins at the end."""
    return text[-1:].isspace() and not _is_open(text) and not text.endswith("\\ ")


class PointbookZsh(_PointbookComplete, ZshComplete):
    """Zsh."""

    source_template = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a lines plain described
    local kind value about
    lines=("${(@f)$(COMP_WORDS="${(pj:\\n:)words[1,CURRENT]}" COMP_CWORD=$((CURRENT-1)) \\
        COMP_LATER="${(pj:\\n:)words[CURRENT+1,-1]}" \\
        %(complete_var)s=zsh_complete ${(Q)words[1]} 2>/dev/null)}")
    [[ $words[CURRENT] == --*=* ]] && compset -P '*='
    for kind value about in "${lines[@]}"; do
        case $kind in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain) if [[ $about == _ ]]; then plain+=("$value"); else described+=("$value:$about"); fi ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described
    (( $#plain )) && compadd -V unsorted -a plain
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and that at it."""
        words, incomplete = super().get_completion_args()
        self.ctx_args["obj"] = TypedLine((*words[1:], *split_arg_string(os.environ.get("COMP_LATER", ""))))
        return words, incomplete


class PointbookFish(_PointbookComplete, FishComplete):
    """Fish."""

    source_template = """\
function %(complete_func)s
    set -l token (commandline -ct)
    set -l head (string match -r -- '^--[^=]*=' $token)
    for line in (env "COMP_WORDS="(commandline -cp | string collect) "COMP_CWORD=$token" \\
        %(complete_var)s=fish_complete %(prog_name)s 2>/dev/null)
        set -l item (string split -m 1 -- , $line)
        switch $item[1]
            case dir
                for place in (__fish_complete_directories $item[2])
                    echo "$head$place"
                end
            case file
                for place in (__fish_complete_path $item[2])
                    echo "$head$place"
                end
            case plain
                echo "$head$item[2]"
        end
    end
end
complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and that at it."""
        words, incomplete = super().get_completion_args()
        self.ctx_args["obj"] = TypedLine(words[1:])
        return words, incomplete


SHELLS: Mapping[str, type[ShellComplete]] = {
    "bash": PointbookBash,
    "zsh": PointbookZsh,
    "fish": PointbookFish,
}


def script(cli: click.Command, shell: str) -> str:
    """What a shell runs once so that it completes the command from then on."""
    return SHELLS[shell](cli, {}, "pointbook", VARIABLE).source()


def completed(cli: click.Command, instruction: str) -> str:
    """The words that a shell asks for, in the form that its script reads; empty where it cannot be told.

    Args:
        cli: The command.
        instruction: What `VARIABLE` holds.
    """
    shell, _, asked = instruction.partition("_")
    if shell not in SHELLS:
        return ""
    if asked == "source":
        return script(cli, shell)
    with suppress(Exception), redirect_stderr(StringIO()):  # nothing is said while somebody types
        words = SHELLS[shell](cli, {}, "pointbook", VARIABLE).complete()
        return f"{words}\n" if words else ""
    return ""
