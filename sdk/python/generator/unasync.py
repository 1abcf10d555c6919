"""Makes synchronous modules of asynchronous ones: tokens are replaced, and nothing else is known of the language.

Usage: unasync.py SOURCE TARGET, two folders or two files. What a module needs that differs by more than a name has the same
name in a module of each side that is written by hand.
"""

import io
import re
import sys
import tokenize
from pathlib import Path

NAMES = {
    "AsyncClient": "Client",
    "AsyncIterator": "Iterator",
    "AsyncIterable": "Iterable",
    "AsyncGenerator": "Generator",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclosing": "closing",
    "aclose": "close",
    "aiter_raw": "iter_raw",
    "aread": "read",
}
# What an attempt gives, without brackets inside.
AWAITABLE = re.compile(r"\bAwaitable\[(\w+)\]")
HAND_WRITTEN = "io.py"


def unasync(source: str) -> str:
    lines = source.splitlines(keepends=True)
    edits: list[tuple[int, int, int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        (row, start), (_, end) = token.start, token.end
        if token.type == tokenize.NAME and token.string in {"async", "await"}:
            rest = lines[row - 1][end:]
            edits.append((row, start, end + len(rest) - len(rest.lstrip(" ")), ""))
        elif token.type == tokenize.NAME and token.string in NAMES:
            edits.append((row, start, end, NAMES[token.string]))
        elif token.type == tokenize.STRING and token.start[0] != token.end[0]:
            for number in range(token.start[0], token.end[0] + 1):
                lines[number - 1] = words(lines[number - 1])
        elif token.type == tokenize.STRING:
            edits.append((row, start, end, words(token.string)))
    for row, start, end, text in sorted(edits, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:start] + text + line[end:]
    return AWAITABLE.sub(r"\1", "".join(lines))


def words(text: str) -> str:
    """Replaces the names and keywords in documentation and in annotations that are strings."""
    for name, replacement in NAMES.items():
        text = text.replace(name, replacement)
    return text.replace("async for ", "for ").replace("async with ", "with ").replace("await ", "")


def convert(source: Path, target: Path) -> None:
    head, _, rest = source.read_text().partition('"""')
    if head:
        sys.exit(f"{source} does not begin with its docstring")
    made = f"# Made by `generate` from {source.parent.name}/{source.name}; do not edit.\n"
    target.write_text(made + unasync('"""' + rest))


source, target = Path(sys.argv[1]), Path(sys.argv[2])
if source.is_dir():
    names = {path.name for path in source.glob("*.py")} - {HAND_WRITTEN}
    for stale in {path.name for path in target.glob("*.py")} - names - {HAND_WRITTEN}:
        (target / stale).unlink()
    for name in sorted(names):
        convert(source / name, target / name)
else:
    convert(source, target)
