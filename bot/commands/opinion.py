"""`yinlu opinion`: the checklist on a text file. Nothing is stored, not even that it was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.compose.opinion import hint_text
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.rules.opinion import TOO_LONG, Hint, Verdict, check
from bot.texts import load_texts

_MOST_BYTES = (
    TOO_LONG * 4 + 3
)  # no encoding that is read here needs more, the mark in front included
_WORDS = {
    "positive": "读到的态度：具备入党条件，愿意担任入党介绍人。",
    "negative": "读到的态度：认为暂不具备条件，或不担任介绍人；如实填写即可。",
    None: "没有读到完整的态度。",
}

Worded = list[tuple[Hint, str]]


def check_opinion(file: Path, other: Path | None = None) -> Outcome:
    """Return hints for the writer. Raises `Refused` for a file that is no text, in one line."""
    verdict = check(_read(file), None if other is None else _read(other))
    catalogue = load_texts(None)
    texts = [
        (hint, hint_text(catalogue, hint.code, hint.level, hint.found)) for hint in verdict.hints
    ]
    return Outcome(lines=tuple(_lines(verdict, texts)), document=_document(verdict, texts))


def _document(verdict: Verdict, texts: Worded) -> dict[str, Any]:
    return {
        "hints": [{"code": hint.code, "level": hint.level, "text": text} for hint, text in texts],
        "attitude": verdict.attitude,
    }


def _lines(verdict: Verdict, texts: Worded) -> list[str]:
    hints = [f"{hint.code:<4}{hint.level}  {text}。" for hint, text in texts]
    return [
        *(hints or ["没有需要提示的地方。"]),
        _WORDS[verdict.attitude],
        "这只是格式提示，不评价内容，是否修改由您决定。文本不保存。",
    ]


def _read(file: Path) -> str:
    if file.suffix.lower() != ".txt":
        raise Refused(f"{file.name} 不是 .txt 文件，请把意见另存为纯文本（.txt）后再试。")
    if not file.exists():
        raise Refused(f"没有找到文件 {file.name}，请核对文件名。")
    if not file.is_file():  # a pipe would be waited for without end
        raise Refused(f"{file.name} 不是文件，请写意见所在的 .txt 文件。")
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"打不开文件 {file.name}，请检查是否有读取权限。") from error
    return _opinion(_decoded(raw, file.name), file.name)


def _decoded(raw: bytes, name: str) -> str:
    cut = len(raw) > _MOST_BYTES  # too long in any case, and perhaps in the middle of a character
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding, errors="ignore" if cut else "strict")
        except UnicodeDecodeError:
            continue
        if all(character.isprintable() or character.isspace() for character in text):
            return text
    raise Refused(f"{name} 不是纯文本，请另存为 UTF-8 编码的 .txt 后再试。")


def _opinion(text: str, name: str) -> str:
    if not any(map(str.isalnum, text)):
        raise Refused(f"{name} 里没有文字，请写好意见后再试。")
    if len(text) >= TOO_LONG:
        raise Refused(f"{name} 太长，不像一份入党介绍人意见，请核对是否选错了文件。")
    return text
