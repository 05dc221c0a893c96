"""What a failed call means, told from real failures over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.telegram import Failure, Meaning, meaning_of
from bot.rehearsal.botapi import World, serve
from bot.rehearsal.botapi.faults import Fault, FaultKind
from tests.support.telegram import TOKEN, new_world, plain_request

PERSON, BLOCKER, GROUP, STRANGER = 101, 102, -5, 999


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `bot.settings.choose_timedeltas` has it in the bot."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def world() -> World:
    world = new_world()
    for id in (PERSON, BLOCKER):
        world.add_user(id, "某")
        world.start(id)
    world.block(BLOCKER)
    world.add_group(GROUP, "群", [PERSON])
    world.add_bot(GROUP, PERSON)
    return world


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with serve(world) as url:
        yield url


async def failure(url: str, chat: int = PERSON, text: str = "好", token: str = TOKEN) -> Failure:
    """What sending fails of."""
    request = plain_request()
    bot = Bot(token, base_url=f"{url}/bot", request=request)
    await request.initialize()
    try:
        await bot.send_message(chat, text, parse_mode="HTML", read_timeout=0.3)
    except TelegramError as error:
        return meaning_of(error)
    finally:
        await request.shutdown()
    return pytest.fail("it was sent")


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        (FaultKind.TOO_MANY_REQUESTS, Meaning.SLOW_DOWN),
        (FaultKind.UNAUTHORIZED, Meaning.FATAL),
        (FaultKind.NOT_FOUND, Meaning.FATAL),
        (FaultKind.CONFLICT, Meaning.CERTAIN),
        (FaultKind.SERVER_ERROR, Meaning.AMBIGUOUS),
        (FaultKind.BAD_GATEWAY, Meaning.AMBIGUOUS),
        (FaultKind.HANG, Meaning.AMBIGUOUS),
        (FaultKind.RESET_BEFORE, Meaning.AMBIGUOUS),
        (FaultKind.RESET_AFTER, Meaning.AMBIGUOUS),
        (FaultKind.SLOW, Meaning.AMBIGUOUS),
        (FaultKind.BROKEN, Meaning.AMBIGUOUS),
    ],
)
async def test_faults_of_the_wire_mean(
    world: World, url: str, kind: FaultKind, meaning: Meaning
) -> None:
    world.fault = Fault(kind, retry_after=3)
    found = await failure(url)
    assert found.meaning is meaning
    assert found.seconds == (3.0 if kind is FaultKind.TOO_MANY_REQUESTS else 0.0)


async def test_a_refused_connection_surely_sent_nothing() -> None:
    found = await failure("http://127.0.0.1:9")
    assert found.meaning is Meaning.CERTAIN


async def test_a_blocked_or_unknown_chat_is_unreachable(url: str) -> None:
    assert (await failure(url, BLOCKER)).meaning is Meaning.UNREACHABLE
    assert (await failure(url, STRANGER)).meaning is Meaning.UNREACHABLE


async def test_a_group_that_moved_tells_where(world: World, url: str) -> None:
    moved = world.upgrade(GROUP)
    found = await failure(url, GROUP)
    assert (found.meaning, found.new_chat) == (Meaning.MIGRATED, moved.id)


async def test_a_malformed_message_will_never_go(url: str) -> None:
    assert (await failure(url, text="<b>")).meaning is Meaning.PERMANENT


async def test_a_refused_token_is_fatal_and_the_reason_does_not_hold_it(url: str) -> None:
    found = await failure(url, token="4242:AAanother")
    assert found.meaning is Meaning.FATAL
    assert "AAanother" not in found.reason


@pytest.mark.parametrize(
    ("cause", "meaning"),
    [
        (httpx.ConnectTimeout(""), Meaning.CERTAIN),
        (httpx.PoolTimeout(""), Meaning.CERTAIN),
        (httpx.ProxyError(""), Meaning.CERTAIN),
        (httpx.ReadTimeout(""), Meaning.AMBIGUOUS),
        (httpx.WriteError(""), Meaning.AMBIGUOUS),
        (None, Meaning.AMBIGUOUS),
    ],
)
def test_a_failure_is_told_by_its_cause(cause: Exception | None, meaning: Meaning) -> None:
    for error in (TimedOut(), NetworkError("x"), TelegramError("Invalid server response")):
        error.__cause__ = cause
        assert meaning_of(error).meaning is meaning


def test_an_answer_in_which_the_library_finds_no_message_may_be_one_to_a_message_that_arrived() -> (
    None
):
    assert meaning_of(KeyError("result")) == Failure(Meaning.AMBIGUOUS, "KeyError")


@pytest.mark.parametrize("page", [BadRequest, Forbidden, InvalidToken, NetworkError])
def test_a_proxys_page_is_not_telegrams_word(page: type[TelegramError]) -> None:
    error = page("x (403). Parsing the server response failed")
    error.__cause__ = TelegramError("Invalid server response")
    assert meaning_of(error).meaning is Meaning.AMBIGUOUS


def test_a_token_that_was_refused_at_the_start_is_refused() -> None:
    """The library raises it from another one."""
    error, first = InvalidToken("rejected by the server"), InvalidToken("Unauthorized")
    error.__cause__ = first
    assert meaning_of(error).meaning is Meaning.FATAL
    first.__cause__ = TelegramError("Invalid server response")
    assert meaning_of(error).meaning is Meaning.AMBIGUOUS


def test_a_429_that_names_no_time_is_waited_out_all_the_same() -> None:
    found = meaning_of(NetworkError("Too Many Requests (429)"))
    assert found.meaning is Meaning.SLOW_DOWN
    assert found.seconds > 0


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("Message is not modified: the same", Meaning.DONE),
        ("Query is too old and response timeout expired or query id is invalid", Meaning.DONE),
        ("Message thread not found", Meaning.NO_TOPIC),
        ("Topic_closed", Meaning.NO_TOPIC),
        ("Chat not found", Meaning.UNREACHABLE),
        ("Message to edit not found", Meaning.PERMANENT),
        ("Not enough rights to send text messages to the chat", Meaning.PERMANENT),
    ],
)
def test_telegrams_words_to_a_400_mean(said: str, meaning: Meaning) -> None:
    assert meaning_of(BadRequest(said)).meaning is meaning


def test_telegrams_word_to_wait_is_read_in_either_form(monkeypatch: pytest.MonkeyPatch) -> None:
    assert meaning_of(RetryAfter(7)).seconds == 7.0
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(DeprecationWarning, match="retry_after"):
        assert meaning_of(RetryAfter(7)).seconds == 7.0
