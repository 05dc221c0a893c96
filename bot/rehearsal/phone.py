"""One person with a phone: sees the chat with the bot, writes, presses."""

from __future__ import annotations

from collections.abc import Callable

from bot.rehearsal.botapi import Message, World

Told = Callable[[str, int, str], None]  # who, in which chat, did what


class Phone:
    """What a person can do in the made-up Telegram. Every deed is told to the transcript.

    ``held``: somebody else has the phone in hand, so that its owner sees and does nothing.
    """

    def __init__(self, world: World, telegram: int, owner: str, told: Told) -> None:
        self._world = world
        self._told = told
        self.telegram = telegram
        self.owner = owner
        self.held = False

    def opens(self, payload: str = "") -> None:
        """Open the bot from a link, or again after a block."""
        if self.held:
            return
        self._told(self.owner, self.telegram, "打开链接" if payload else "/start")
        self._world.start(self.telegram, payload)

    def says(
        self,
        text: str,
        *,
        chat: int | None = None,
        reply_to: Message | None = None,
        shown: str | None = None,
    ) -> None:
        """Write; ``shown`` is what the transcript shows in place of a secret."""
        if self.held:
            return
        where = chat or (reply_to.chat if reply_to else self.telegram)
        self._told(self.owner, where, shown or (f"{text}（回复）" if reply_to else text))
        answered = None if reply_to is None else reply_to.id
        self._world.send(self.telegram, where, text, reply_to=answered)

    def presses(self, words: str, *, on: Message | None = None) -> bool:
        """Press the first button that begins so, on the newest message with one; False: none."""
        message = on or self.sees(words)
        found = message and buttons(message, words)
        if self.held or not message or not found:
            return False
        label, carried = found[0]
        self._told(self.owner, self.telegram, f"[{label}]")
        self._world.forge_press(self.telegram, self.telegram, message.id, carried)
        return True

    def sees(self, words: str) -> Message | None:
        """The newest message that has a button beginning so."""
        if self.held:
            return None
        return next((one for one in self._newest_first() if buttons(one, words)), None)

    def last(self, chat: int | None = None) -> Message | None:
        """The bot's newest message in that chat, or in private."""
        return next(iter(self._newest_first(chat)), None)

    def blocks(self) -> None:
        if self.held:
            return
        self._told(self.owner, self.telegram, "停用机器人")
        self._world.block(self.telegram)

    def _newest_first(self, chat: int | None = None) -> list[Message]:
        ours = self._world.bot.id
        shown = self._world.messages(chat or self.telegram)
        return [one for one in reversed(shown) if one.sender == ours]


def buttons(message: Message, words: str = "") -> list[tuple[str, str]]:
    """The buttons that begin so: label and what they carry, in the order shown."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    every = [(one["text"], one["callback_data"]) for row in rows for one in row]
    return [one for one in every if one[0].startswith(words)]
