"""What the stand-in refuses, and in which words."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.rehearsal.botapi import World
from tests.bot.rehearsal.botapi.conftest import (
    GROUP,
    STRANGER,
    STUDENT,
    TEACHER,
    TOKEN,
    Clock,
    Hurry,
    bot_at,
)

PNG_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(**fields: Any) -> dict[str, Any]:
    return {"text": "谈", "callback_data": "a"} | fields


def call(url: str, method: str, token: str = TOKEN, **fields: Any) -> httpx.Response:
    """A request that PTB would not let through."""
    with httpx.Client(trust_env=False) as client:
        return client.post(f"{url}/bot{token}/{method}", json=fields)


async def refusal(url: str, method: str, token: str = TOKEN, **fields: Any) -> tuple[int, str]:
    answer = await asyncio.to_thread(call, url, method, token, **fields)
    body = answer.json()
    assert body["ok"] is False
    assert body["error_code"] == answer.status_code
    return answer.status_code, body["description"]


async def test_wrong_token_is_unauthorized(url: str) -> None:
    assert await refusal(url, "getMe", "4242:wrong") == (401, "Unauthorized")
    with pytest.raises(InvalidToken):
        async with bot_at(url, "4242:wrong"):
            pytest.fail("let in with a wrong token")


async def test_no_token_and_unknown_method_and_lost_file_are_not_found(url: str) -> None:
    assert await refusal(url, "getMe", "nonsense") == (404, "Not Found")
    assert await refusal(url, "sendPoll", chat_id=STUDENT) == (404, "Not Found")
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}/file/bot{TOKEN}/documents/none.txt")).status_code == 404
        assert (await client.get(f"{url}/file/bot4242:x/documents/none.txt")).status_code == 401


async def test_get_and_urlencoded_requests_are_understood(url: str, world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        address = f"{url}/bot{TOKEN}/sendMessage"
        given = {"chat_id": str(STUDENT), "text": "你好"}
        assert (await client.get(address, params=given)).json()["ok"]
        assert (await client.post(address, data=given)).json()["ok"]
        broken = {"content-type": "application/json"}
        for body in (b"{", b"[]"):
            assert (await client.post(address, content=body, headers=broken)).status_code == 400
    assert [m.text for m in world.messages(STUDENT)][-2:] == ["你好", "你好"]


@pytest.mark.parametrize(
    ("chat", "error", "sentence"),
    [
        (STRANGER, Forbidden, "bot can't initiate conversation with a user"),
        (987654, BadRequest, "Chat not found"),
        (-987654, BadRequest, "Chat not found"),
        ("@nobody", BadRequest, "Chat not found"),
        (4242, Forbidden, "bots can't send messages to bots"),
    ],
)
async def test_chats_out_of_reach_are_refused_with_the_reason(
    bot: Bot, chat: int | str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        await bot.send_message(chat, "你好")


async def test_blocked_and_deactivated_people_cannot_be_written_to(bot: Bot, world: World) -> None:
    world.block(STUDENT)
    world.deactivate(TEACHER)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(STUDENT, "你好")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(TEACHER, "您好")
    world.start(STUDENT)
    await bot.send_message(STUDENT, "你好")
    assert [e.error for e in world.refused] == [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
    ]


async def test_groups_without_the_bot_are_closed_to_it(bot: Bot, world: World) -> None:
    world.add_group(GROUP, "支部", [TEACHER])
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(GROUP, "大家好")
    world.add_bot(GROUP, TEACHER)
    world.remove_bot(GROUP, TEACHER)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(GROUP, "大家好")


async def test_upgraded_group_tells_its_new_id(bot: Bot, world: World) -> None:
    world.add_group(GROUP, "支部", [TEACHER])
    world.add_bot(GROUP, TEACHER)
    new = world.upgrade(GROUP)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "大家好")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "大家好")


LONG, TOO_LONG = "字" * 4096, "😀" * 2049


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": TOO_LONG}, "message is too long"),
        ({"text": "R&D", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "a", "reply_to_message_id": 3}, "unknown parameter reply_to_message_id"),
        ({"text": "a", "disable_notification": "maybe"}, "can't parse disable_notification"),
        ({"text": 5}, "can't parse text"),
        ({"text": "a", "message_thread_id": 7}, "message thread not found"),
        ({"text": "a", "message_thread_id": True}, "can't parse message_thread_id"),
        ({"text": "a", "reply_parameters": {"message_id": 999}}, "to be replied not found"),
        ({"text": "a", "reply_parameters": {"message_id": 1, "chat_id": 5}}, "across chats"),
        ({"text": "a", "reply_parameters": {"id": 1}}, "can't parse reply_parameters"),
        ({}, "message text is empty"),
    ],
)  # fmt: skip
async def test_faulty_messages_are_refused(
    url: str, world: World, fields: dict[str, Any], sentence: str
) -> None:
    before = len(world.messages(STUDENT))
    code, description = await refusal(url, "sendMessage", chat_id=STUDENT, **fields)
    assert code == 400
    assert sentence in description
    assert len(world.messages(STUDENT)) == before


async def test_length_counts_after_the_markup_is_read(bot: Bot) -> None:
    sent = await bot.send_message(STUDENT, f"<b>{LONG}</b>", parse_mode="HTML")
    assert sent.text == LONG


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        (keyboard([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(callback_data="字" * 22)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(callback_data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([button(text=" ")]), "text must be non-empty"),
        (keyboard([button()] * 9), "too many buttons in a row"),
        (keyboard(*[[button()] * 5] * 21), "reply markup is too long"),
        (keyboard([button()], []), "empty row"),
        (keyboard([button(url="https://t.me")]), "exactly one action"),
        (keyboard([{"text": "谈"}]), "exactly one action"),
        (keyboard([{"text": "谈", "url": "ftp://x"}]), "BUTTON_URL_INVALID"),
        (keyboard([{"text": "谈", "copy_text": {"text": ""}}]), "wrong action"),
        (keyboard([button(colour="red")]), "unknown field colour"),
        (keyboard([button(style="loud")]), "unknown style"),
        (keyboard(["谈"]), "object expected"),  # type: ignore[list-item]  # the fault itself
        ({"inline_keyboard": [button()]}, "array of arrays"),
        ({"inline_keyboard": [], "selective": True}, "unknown field selective"),
        ({"remove_keyboard": False}, "must be true"),
        ({"keyboard": "x"}, "array of arrays"),
        ({"keyboard": [[""]]}, "text must be non-empty"),
        ({"force_reply": True, "input_field_placeholder": ""}, "placeholder"),
        ({"nothing": 1}, "unsupported reply markup"),
        ([], "object expected"),
    ],
)
async def test_faulty_buttons_are_refused(url: str, markup: object, sentence: str) -> None:
    code, description = await refusal(
        url, "sendMessage", chat_id=STUDENT, text="谈了吗", reply_markup=markup
    )
    assert code == 400
    assert sentence in description


async def test_a_hundred_buttons_of_every_kind_are_allowed(bot: Bot) -> None:
    rows = [[InlineKeyboardButton("谈", callback_data="x" * 64)] * 8 for _ in range(12)]
    rows.append(
        [
            InlineKeyboardButton("开", url="https://t.me/x", style="primary"),
            InlineKeyboardButton("复", api_kwargs={"copy_text": {"text": "x"}}),
        ]
    )
    await bot.send_message(STUDENT, "谈了吗", reply_markup=InlineKeyboardMarkup(rows))


async def test_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("谈", callback_data="a")]])
    sent = await bot.send_message(STUDENT, "谈了吗", reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("谈了吗", STUDENT, sent.message_id, reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(STUDENT, sent.message_id, reply_markup=markup)
    await bot.edit_message_text("谈了吗", STUDENT, sent.message_id)


async def test_only_own_existing_texts_can_be_edited(bot: Bot, world: World) -> None:
    theirs = world.send(STUDENT, STUDENT, "你好")
    file = await bot.send_document(STUDENT, b"x", filename="a.txt")
    for message_id, sentence in [
        (999, "Message to edit not found"),
        (theirs.id, "Message can't be edited"),
        (file.message_id, "There is no text in the message to edit"),
    ]:
        with pytest.raises(BadRequest, match=sentence):
            await bot.edit_message_text("改", STUDENT, message_id)


async def test_edited_message_takes_inline_keyboards_only(url: str, bot: Bot) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗")
    code, description = await refusal(
        url, "editMessageText", chat_id=STUDENT, message_id=sent.message_id, text="改",
        reply_markup={"remove_keyboard": True},
    )  # fmt: skip
    assert (code, description) == (400, "Bad Request: inline keyboard expected")


async def test_deletion_has_its_limits(bot: Bot, world: World, clock: Clock) -> None:
    world.add_group(GROUP, "支部", [TEACHER])
    world.add_bot(GROUP, TEACHER)
    theirs = world.send(TEACHER, GROUP, "/done")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(GROUP, theirs.id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(STUDENT, 999)
    old = await bot.send_message(STUDENT, "旧")
    clock.pass_(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_message(STUDENT, old.message_id)


async def test_button_is_answered_once_and_within_fifteen_seconds(
    bot: Bot, world: World, clock: Clock
) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗")
    once, late = (world.forge_press(STUDENT, STUDENT, sent.message_id, "a") for _ in range(2))
    await bot.answer_callback_query(once)
    clock.pass_(15.5)
    for query in (once, late, "unheard-of"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query)


async def test_answer_to_a_button_has_at_most_200_characters(bot: Bot, world: World) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗")
    query = world.forge_press(STUDENT, STUDENT, sent.message_id, "a")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(query, "字" * 201)
    assert await bot.answer_callback_query(query, "字" * 200)


async def test_files_have_their_limits(bot: Bot) -> None:
    faults: list[tuple[Callable[[], Awaitable[object]], str]] = [
        (lambda: bot.send_document(STUDENT, b"", filename="a"), "File must be non-empty"),
        (lambda: bot.send_document(STUDENT, b"x", "字" * 1025), "Message caption is too long"),
        (lambda: bot.send_document(STUDENT, "no-such-id"), "Wrong file identifier"),
        (lambda: bot.send_document(STUDENT, "https://x.y/z"), "Can't parse document"),
        (lambda: bot.send_photo(STUDENT, b"GIF89a"), "Image_process_failed"),
        (
            lambda: bot.send_photo(STUDENT, PNG_HEAD + struct.pack(">II", 9000, 1001)),
            "Photo_invalid_dimensions",
        ),
        (
            lambda: bot.send_photo(STUDENT, PNG_HEAD + struct.pack(">II", 2100, 100)),
            "Photo_invalid_dimensions",
        ),
        (lambda: bot.send_photo(STUDENT, PNG_HEAD + b"\0" * 10_000_000), "File is too big"),
        (lambda: bot.get_file("no-such-id"), "Invalid file_id"),
    ]
    for attempt, sentence in faults:
        with pytest.raises(BadRequest, match=sentence):
            await attempt()


async def test_edits_of_pictures_have_their_limits(bot: Bot) -> None:
    picture = PNG_HEAD + struct.pack(">II", 1080, 600)
    text = await bot.send_message(STUDENT, "谈了吗")
    photo = await bot.send_photo(STUDENT, picture, caption="第1页")
    here = (STUDENT, photo.message_id)
    faults: list[tuple[Callable[[], Awaitable[object]], str]] = [
        (
            lambda: bot.edit_message_caption(STUDENT, text.message_id, caption="第2页"),
            "There is no caption in the message to edit",
        ),
        (lambda: bot.edit_message_text("第2页", *here), "There is no text in the message"),
        (lambda: bot.edit_message_caption(*here, caption="第1页"), "Message is not modified"),
        (lambda: bot.edit_message_caption(*here, caption="字" * 1025), "caption is too long"),
        (
            lambda: bot.edit_message_media(InputMediaPhoto(picture, caption="第1页"), *here),
            "Message is not modified",
        ),
        (
            lambda: bot.edit_message_media(InputMediaPhoto(b"GIF89a"), *here),
            "Image_process_failed",
        ),
        (
            lambda: bot.edit_message_media(InputMediaDocument(b"x"), *here),
            "Can't parse media",
        ),
        (
            lambda: bot.edit_message_media(InputMediaPhoto("no-such-id"), *here),
            "Wrong file identifier",
        ),
        (
            lambda: bot.edit_message_media(InputMediaPhoto(photo.photo[0].file_id), STUDENT, 999),
            "Message to edit not found",
        ),
    ]
    for attempt, sentence in faults:
        with pytest.raises(BadRequest, match=sentence):
            await attempt()


async def test_large_upload_cannot_be_downloaded(bot: Bot, world: World) -> None:
    sent = world.upload(TEACHER, TEACHER, b"x" * 20_000_001, "大.xlsx")
    assert sent.file is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(sent.file.id)


async def test_unattached_and_unasked_files_are_refused(url: str) -> None:
    address = f"{url}/bot{TOKEN}/sendDocument"
    async with httpx.AsyncClient(trust_env=False) as client:
        lost = {"chat_id": str(STUDENT), "document": "attach://a"}
        answer = await client.post(address, data=lost)
        assert "file a is not attached" in answer.json()["description"]
        media = {"chat_id": str(STUDENT), "message_id": "1"}
        for raw, sentence in (
            ('{"type": "photo", "media": "attach://a"}', "file a is not attached"),
            ('{"type": "photo"', "can't parse media"),
            ("[]", "can't parse media"),
            ('{"type": "photo", "media": 7}', "can't parse media"),
        ):
            answer = await client.post(
                f"{url}/bot{TOKEN}/editMessageMedia", data=media | {"media": raw}
            )
            assert sentence in answer.json()["description"]
        extra = {"document": ("a", b"a"), "other": ("b", b"b")}
        answer = await client.post(address, data={"chat_id": str(STUDENT)}, files=extra)
        assert "unknown parameter other" in answer.json()["description"]


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        ([("Done", "已谈")], "Bot_command_invalid"),
        ([("状态", "状态")], "Bot_command_invalid"),
        ([("x" * 33, "长")], "Bot_command_invalid"),
        ([("done", "")], "Bot_command_description_invalid"),
        ([("done", "字" * 257)], "Bot_command_description_invalid"),
        ([(f"c{n}", "多") for n in range(101)], "Bot_commands_too_much"),
        ([("done", "一"), ("done", "二")], "Bot_command_duplicate"),
    ],
)
async def test_faulty_menus_are_refused(
    bot: Bot, commands: list[tuple[str, str]], sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        await bot.set_my_commands(commands)


@pytest.mark.parametrize(
    ("method", "fields", "sentence"),
    [
        ("setMyCommands", {"commands": [{"command": "a"}]}, "can't parse BotCommand"),
        ("setMyCommands", {"commands": []}, "BOT_COMMANDS_EMPTY"),
        ("setMyCommands", {"commands": "{}"}, "can't parse commands"),
        ("getMyCommands", {"scope": {"type": "chat"}}, "can't parse BotCommandScope"),
        ("getMyCommands", {"language_code": "zh-hans"}, "invalid language code"),
        ("setMyName", {"name": "字" * 65}, "bot name is too long"),
        ("setMyDescription", {"description": "字" * 513}, "bot description is too long"),
        ("setMyShortDescription", {"short_description": "字" * 121}, "is too long"),
        ("sendChatAction", {"chat_id": STUDENT, "action": "sleeping"}, "wrong parameter action"),
        ("leaveChat", {"chat_id": STUDENT}, "private chats"),
        ("getChatMember", {"chat_id": STUDENT, "user_id": 9}, "PARTICIPANT_ID_INVALID"),
        ("setMessageReaction", {"chat_id": STUDENT, "message_id": 999}, "message to react"),
        (
            "setMessageReaction",
            {"chat_id": STUDENT, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "字"}]},
            "REACTION_INVALID",
        ),
        (
            "setMessageReaction",
            {"chat_id": STUDENT, "message_id": 1, "reaction": [{"type": "emoji"}] * 2},
            "REACTIONS_TOO_MANY",
        ),
        ("getUpdates", {"limit": 101}, "wrong limit"),
        ("getUpdates", {"allowed_updates": ["gossip"]}, "unknown update type"),
        ("getUpdates", {"allowed_updates": [1]}, "can't parse allowed_updates"),
    ],
)
async def test_faulty_calls_are_refused(
    url: str, method: str, fields: dict[str, Any], sentence: str
) -> None:
    code, description = await refusal(url, method, **fields)
    assert code == 400
    assert sentence in description


async def test_menu_of_a_stranger_and_chat_of_a_stranger_are_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([("help", "帮助")], BotCommandScopeChat(STRANGER))
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(STRANGER)


async def test_second_message_to_a_chat_within_a_second_must_wait(bot: Bot, hurry: Hurry) -> None:
    hurry.held = 0.0
    sent = await bot.send_message(STUDENT, "一")
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(STUDENT, "二")
    assert wait.value.retry_after == timedelta(seconds=1)
    await bot.edit_message_text("改", STUDENT, sent.message_id)
    hurry.held = 0.8
    await bot.send_message(STUDENT, "二")


async def test_group_takes_twenty_messages_a_minute(bot: Bot, world: World, hurry: Hurry) -> None:
    world.add_group(GROUP, "支部", [TEACHER])
    world.add_bot(GROUP, TEACHER)
    for second in range(20):
        hurry.held = float(second)
        await bot.send_message(GROUP, str(second))
    hurry.held = 25.0
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(GROUP, "多")
    assert wait.value.retry_after == timedelta(seconds=35)
    hurry.held = 60.0
    await bot.send_message(GROUP, "又可以了")


async def test_thirty_messages_a_second_is_all(bot: Bot, world: World, hurry: Hurry) -> None:
    people = range(1000, 1031)
    for user in people:
        world.add_user(user, "同学")
        world.start(user)
    hurry.held = 0.0
    for user in people[:30]:
        await bot.send_message(user, "你好")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30], "你好")
    with pytest.raises(BadRequest):
        await bot.send_message(STUDENT, "改", reply_parameters=ReplyParameters(99999))
