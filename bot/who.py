"""Who the bot is to Telegram, asked without starting it."""

from __future__ import annotations

import re

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.delivery.trust import trusted
from bot.refusal import Refused
from bot.settings import Settings, SettingsError, choose_timedeltas

NO_TOKEN = "没有令牌。请设置 YINLU_TOKEN 或 YINLU_TOKEN_FILE。"  # noqa: S105 - a sentence
WRONG_TOKEN = "Telegram 不接受这个令牌，请核对 @BotFather 给的令牌，改正后再试。"  # noqa: S105 - a sentence

SHAPE = re.compile(r"\d+:[\w-]+", re.ASCII)


def require_token(settings: Settings) -> str:
    """Return the token. Raises Refused: none, or something that can't be one."""
    try:
        token = settings.read_token()
    except SettingsError as error:
        raise Refused(f"设置有误：{error}") from None
    if token is None:
        raise Refused(NO_TOKEN)
    if not SHAPE.fullmatch(token):
        raise Refused(WRONG_TOKEN)  # it becomes a part of an address
    return token


async def own_name(settings: Settings) -> str:
    """Return the bot's username. Raises Refused: no token, a wrong one, or no network."""
    choose_timedeltas()
    options = {"trust_env": False, "verify": trusted()}
    request = HTTPXRequest(proxy=settings.proxy, httpx_kwargs=options)
    try:
        bot = Bot(
            require_token(settings),
            base_url=f"{settings.api_url}/bot",
            request=request,
            get_updates_request=request,  # its own would look for a proxy in the environment
        )
        async with bot:
            return bot.username
    except InvalidToken:
        raise Refused(WRONG_TOKEN) from None
    except TelegramError as error:
        name = type(error).__name__
        raise Refused(f"连不上 Telegram（{name}），请检查网络或代理后再试。") from None
