"""Texts that would do something if anything took them for more than texts."""

from __future__ import annotations

from random import Random

#: What code among the texts would leave behind or call: it is looked for in files and processes.
CANARY = "zqxran"

_PYTHON = [
    f'"""\nopen("{CANARY}", "w")\n"""',
    f'"+str(open("{CANARY}","w"))+"',
    f"'+str(open('{CANARY}','w'))+'",
    f"\nopen('{CANARY}', 'w')\n",
    f"\r\n\timport os; os.system('touch {CANARY}')\r",
    f"{{open('{CANARY}','w')}}",
    f"__import__('os').system('touch {CANARY}')",
    f"\\\nopen('{CANARY}', 'w')",
    f"#\x0copen('{CANARY}','w')",
    f"]\nopen('{CANARY}','w')\n[",
    f"): open('{CANARY}','w')\n(",
    f"field(default_factory=lambda: open('{CANARY}','w'))",
    '"""',
    "'''",
    '"' * 7,
    "\\",
    '\\"',
    '\\"""',
    '"""\\',
    "\\N{DIGIT ONE}\\x41\\u0022\\",
    "{0.__class__} {x!r:>{y}} }{ {} {{}}",
    "%s %(name)s %%n",
    "# type: ignore # noqa: E501 # fmt: off",
    "# -*- coding: utf-7 -*-",
]
_SHELL = [
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"; touch {CANARY} #",
    f"' ; touch {CANARY}; '",
    f'" && touch {CANARY} && "',
    f"\ntouch {CANARY}\n",
    f"(touch {CANARY})",
    f"$'\\x0atouch {CANARY}'",
    "${HOME} $HOME ~ ~/ !! * ? [a] {a,b} <x >y | & =",
    "-rf",
    "--help",
    f"--output={CANARY}",
    "--",
    "-",
    "@/etc/passwd",
    "%PATH% ^& !x!",
    "$$(HOME) $$ $$$",
]
_PAGES = [
    f"</script><script>{CANARY}()</script>",
    f"<img src=x onerror={CANARY}()>",
    f"\"><svg onload='{CANARY}()'>",
    f"' autofocus onfocus={CANARY}() x='",
    f"javascript:{CANARY}()",
    "]]>",
    "-->",
    "<!--",
    "</style></title></textarea></pre></code>",
    "&lt;b&gt; &#60;i&#62; &amp",
    f"[a](javascript:{CANARY})",
    f"![a](http://{CANARY}.example/)",
    f"<http://{CANARY}.example/>",
    "```\n# b\n```",
    "| a | b |\n|---|---|",
    "\n\n<b>\n\n",
    "    <b>",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# nothing #}",
    "{{ ''.__class__.__mro__ }}",
    "</ScRiPt\t>",
    f"\n::set-env name=X::{CANARY}\n::error::",
    "%0A::error::x",
]
_PATHS = [
    f"../{CANARY}",
    f"../../{CANARY}",
    f"/tmp/{CANARY}/x",
    f"..\\..\\{CANARY}",
    f"C:\\{CANARY}",
    f"\\\\host\\{CANARY}",
    f"file:///tmp/{CANARY}",
    "CON",
    "nul.json",
    "aux.",
    "com1",
    ".",
    "..",
    "...",
    ".git",
    ".hidden",
    "a/b",
    "a//b",
    "a/",
    "a:b",
    "__pycache__",
    "__init__",
    "__main__",
    "_brevetti",
    "conftest",
    "index",
    "%2e%2e%2f",
    "~1~0",
    "#/$defs/x",
    "http://a.example/#b",
]
_NAMES = [
    *"class None True import lambda print type self cls _ __ async match case".split(),
    *"__class__ __dict__ __init__ __slots__ __proto__ constructor prototype toString".split(),
    *"__brevetti__ __extra__ __annotations__ __builtins__ __import__ __getattr__".split(),
    *"Settings Any Literal Field BaseModel Struct dataclass field annotations extra".split(),
    *"model_config from_config get_config os sys open exec eval int str list dict".split(),
    *"$ref $id $defs $schema properties type items fields groups default model x-form".split(),
    "\uff43lass",  # full-width c: Python reads `class`
    "\u0430dmin",  # Cyrillic a
    "ﬁeld",
    "ª",
    "\u017felf",
    "1x",
    "a b",
    "a-b",
    "a.b",
    "a[0]",
    "a_b",
    "_a",
    "A",
    "",
    " ",
    "0",
    "-1",
]
_CHARACTERS = [
    "\0",
    "\x07\x08\x7f",
    "\x1b[2J\x1b]0;x\x07",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\x0b\x0c\x1c\x1d\x1e\x1f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e\u2066\u2067\u202a",
    "\u200b\u200d\u2060\ufeff",
    "\u00ad",
    "\ufffe\uffff",
    "\U000e0041\U000e007f",
    "\U0010ffff",
    "\U0001f600",
    "a\u0301\u0323" * 5,
    "\ud800",
    "\udfff\ud800",
    "1፩²",
    "İıß",
]
KINDS = {
    "python": _PYTHON,
    "shell": _SHELL,
    "pages": _PAGES,
    "paths": _PATHS,
    "names": _NAMES,
    "characters": _CHARACTERS,
}


def hostile_text(random: Random) -> str:
    """One of the texts, or some in a row, seldom very many."""
    atoms = random.choice([*KINDS.values()])
    text = random.choice(atoms)
    if random.random() < 0.4:
        more = [random.choice(random.choice([*KINDS.values()])) for _ in range(2)]
        text = random.choice(["", "x", " "]).join([text, *more[: random.randint(1, 2)]])
    if random.random() < 0.02:
        text *= random.choice([20, 300, 2000])
    if "\ud800" in text and random.random() < 0.8:  # Readers refuse these: most cases go on.
        text = text.encode("utf-8", "replace").decode()
    return text
