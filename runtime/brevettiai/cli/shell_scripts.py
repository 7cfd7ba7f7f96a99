"""The scripts that set up completion in bash, zsh and fish.

A program with a name of its own is completed by that. Of `python -m settings.training` and
`python train.py` a shell sees `python`: there the words decide whether the program is asked, and
everything else is completed as it was before.
"""

from __future__ import annotations

import os
import re
import sys
from shlex import quote

_BASH_ASK = """\
_brevetti_ask() {  # how many words are the program, what to complete, the program
    local line start us=$'\\x1f' size=$1 piece=$2
    shift 2
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <("$@" "--completion=bash$us$size$us${COMP_LINE:0:COMP_POINT}$us$piece" </dev/null)
    if [[ ${COMPREPLY[0]} == "$us"* ]]; then
        start=${COMPREPLY[0]#"$us"}
        COMPREPLY=()
        [[ -n $start ]] || compopt -o default
        while IFS= read -r line; do
            [[ -d $line ]] && line+=/
            printf -v line %q "$start$line"
            COMPREPLY+=("$line")
        done < <([[ -z $start ]] || compgen -f -- "${piece#"$start"}")
    fi
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[./] ]] || compopt -o nospace
} 2>/dev/null
"""

_BASH_COMMAND = """\
_brevetti_command() {
    _brevetti_ask 1 "$2" "${COMP_WORDS[0]/#\\~\\//$HOME/}"
}
complete -F _brevetti_command -- NAME
"""

_BASH_PYTHON = """\
_brevetti_python() {
    local program size at=1 IFS=$' \\t\\n' words=("${COMP_WORDS[@]/#\\~\\//$HOME/}")
    while [[ ${words[at]} == -[!m]* ]]; do
        [[ ${words[at]} == -[XW] ]] && ((at += 1))
        ((at += 1))
    done
    for program in "${_brevetti_programs[@]}"; do
        size=2
        if [[ ${words[*]:at:2} != "$program" ]]; then
            [[ ${words[at]} -ef $program ]] || continue
            size=1
        fi
        ((at + size <= COMP_CWORD)) || continue
        _brevetti_ask $((at + size)) "$2" "${words[@]:0:at+size}"
        return
    done
    _brevetti_before "$@"
}
_brevetti_before() {  # what completes python otherwise, loaded if it was not yet
    local word last run IFS=$' \\t\\n'
    if [[ -z ${_brevetti_spec-} ]]; then
        word=$(complete -p -D)
        [[ $word == *" -F "* ]] && word=${word##* -F } && "${word%% *}" "$@"
        _brevetti_register
    fi
    COMPREPLY=()
    for word in ${_brevetti_spec:--o bashdefault -o default}; do
        [[ $last == -o ]] && compopt -o "$word"
        [[ $last == -F ]] && run=$word
        last=$word
    done
    [[ -z $run ]] || "$run" "$@"
    return 0
} 2>/dev/null
_brevetti_register() {
    local spec
    spec=$(complete -p python3 2>/dev/null || complete -p python 2>/dev/null)
    [[ $spec == *_brevetti_python* ]] || _brevetti_spec=$spec
    complete -F _brevetti_python python python3 PYTHON
}
_brevetti_programs+=(NAME)
_brevetti_register
"""

_ZSH_ASK = """\
(( $+functions[compdef] )) || { autoload -Uz compinit; compinit }
_brevetti_ask() {  # how many words are the program, the program
    local us=$'\\x1f' size=$1
    shift
    # Behind a quote inside a word zsh would put what fits in a wrong place.
    [[ $words[CURRENT] == $QIPREFIX$PREFIX* ]] || return 1
    local -a typed=("${(@Q)words[size+1,CURRENT-1]}" "${(Q)PREFIX}") lines whole open
    lines=("${(@f)$("$@" "--completion=zsh$us${(pj:\\x1f:)typed}" 2>/dev/null </dev/null)}")
    compset -P "${(b)lines[1]}"
    if [[ $lines[2] == $us ]]; then
        _files
        return
    fi
    whole=("${(@)${(@M)lines[2,-1]:# *}# }")
    open=("${(@)${(@M)lines[2,-1]:#.*}#.}")
    _describe -t settings setting whole -- open -S ''
}
"""

_ZSH_COMMAND = """\
_brevetti_command() {
    _brevetti_ask 1 "${${(Q)words[1]}/#\\~\\//$HOME/}"
}
compdef _brevetti_command NAME
"""

_ZSH_PYTHON = """\
_brevetti_python() {
    local program size at=2
    local -a started=("${(@)${(@Q)words}/#\\~\\//$HOME/}")
    while [[ $started[at] == -[^m]* ]]; do
        [[ $started[at] == -[XW] ]] && (( at += 1 ))
        (( at += 1 ))
    done
    for program in $_brevetti_programs; do
        size=2
        if [[ "$started[at,at+1]" != "$program" ]]; then
            [[ $started[at] -ef $program ]] || continue
            size=1
        fi
        (( at + size <= CURRENT )) || continue
        _compskip=all
        _brevetti_ask $(( at + size - 1 )) "${(@)started[1,at+size-1]}"
        return
    done
    return 1
}
typeset -gaU _brevetti_programs
_brevetti_programs+=(NAME)
compdef _brevetti_python -p '(|*/)python[0-9.]#'
"""

_FISH_ASK = """\
function _brevetti_ask  # how many words are the program
    set -l us \\x1f
    set -l size $argv[1]
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1..$size])
    set -l current (commandline -ct)
    set -l plain (string unescape -- "$current"); and set current $plain
    set -l typed (string join $us -- $words[(math $size + 1)..-1] "$current")
    set -l lines ($program "--completion=fish$us$typed" </dev/null 2>/dev/null)
    if test "$lines[2]" = $us
        set -l path (string sub -s (math (string length -- "$lines[1]") + 1) -- "$current")
        printf '%s\\n' "$lines[1]"(__fish_complete_path "$path")
    else
        printf '%s\\n' $lines[2..-1]
    end
end
"""

_FISH_COMMAND = """\
complete -c NAME -k -f -a '(_brevetti_ask 1)'
"""

_FISH_PYTHON = """\
function _brevetti_size  # how many words of a python are a program that can be asked
    set -l words (string replace -r '^~/' "$HOME/" -- (commandline -opc))
    set -l at 2
    while string match -qr -- '^-[^m]' "$words[$at]"
        contains -- $words[$at] -X -W; and set at (math $at + 1)
        set at (math $at + 1)
    end
    set -l next (math $at + 1)
    if contains -- "$words[$at $next]" $_brevetti_programs
        echo $next
    else if contains -- (realpath -- "$words[$at]" 2>/dev/null) $_brevetti_programs
        echo $at
    else
        return 1
    end
end
contains -- NAME $_brevetti_programs; or set -ga _brevetti_programs NAME
for python in python python3 PYTHON
    complete -c $python -k -f -n '_brevetti_size >/dev/null' -a '(_brevetti_ask (_brevetti_size))'
end
"""

_SCRIPTS = {
    "bash": (_BASH_ASK, _BASH_COMMAND, _BASH_PYTHON),
    "zsh": (_ZSH_ASK, _ZSH_COMMAND, _ZSH_PYTHON),
    "fish": (_FISH_ASK, _FISH_COMMAND, _FISH_PYTHON),
}


def script(shell: str) -> str:
    """The script for the program that runs, which begins with how to install it."""
    ask, by_command, by_python = _SCRIPTS[shell]
    main = getattr(sys.modules.get("__main__"), "__spec__", None)
    started = sys.argv[0]
    if main is not None and main.name != "__main__":
        name = main.name.removesuffix(".__main__")
        typed = f"python -m {name}"
        parts = [(ask, ""), (by_python, f"-m {name}")]
    elif os.path.isdir(started) or started.endswith((".py", ".pyz")):
        typed = f"python {started}"
        command = os.path.basename(os.path.normpath(started))
        parts = [(ask, ""), (by_python, os.path.realpath(started)), (by_command, command)]
    else:
        typed = os.path.basename(started)
        parts = [(ask, ""), (by_command, typed)]
    return _header(shell, typed) + "".join(_filled(shell, part, name) for part, name in parts)


def _filled(shell: str, part: str, name: str) -> str:
    words = {"NAME": name, "PYTHON": os.path.basename(sys.executable)}
    quoted = _quoted_for_fish if shell == "fish" else quote
    return re.sub(r"\b(NAME|PYTHON)\b", lambda found: quoted(words[found[0]]), part)


def _header(shell: str, typed: str) -> str:
    """Comments that say how to install a script."""
    if not typed.isprintable():
        typed = "PROGRAM"
    elif not typed.startswith("python -m "):
        typed = " ".join(map(quote, typed.split(" ", 1)))
    make = f"{typed} --completion {shell}"
    file = re.sub(r"\W+", "-", typed.split(" ")[-1]).strip("-") + f".{shell}"
    if shell == "fish":
        now, later = f"{make} | source", f"{make} > ~/.config/fish/conf.d/{file}"
    else:
        now = f'eval "$({make})"'
        later = f"{make} > ~/.{file} && echo 'source ~/.{file}' >> ~/.{shell}rc"
    return (
        f"# Completion of {typed} in {shell}. In the shell at hand:\n#   {now}\n"
        f"# In all that start from now on:\n#   {later}\n"
    )


def _quoted_for_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
