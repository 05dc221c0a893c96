"""What a stock PTB Bot gets done, method by method."""

from __future__ import annotations

import struct
from io import BytesIO

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode

from bot.rehearsal.botapi import Exchange, World
from tests.bot.rehearsal.botapi.conftest import GROUP, STRANGER, STUDENT, TEACHER, TOKEN

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1080, 600)
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("已谈话", callback_data="a1")],
        [InlineKeyboardButton("约不上老师", callback_data="a2")],
    ]
)


async def test_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (4242, "yinlu_bot", True)
    assert me.can_read_all_group_messages is False


async def test_message_with_html_and_buttons_is_what_people_see(bot: Bot, world: World) -> None:
    sent = await bot.send_message(
        STUDENT, "<b>李明</b>同学，你好", parse_mode=ParseMode.HTML, reply_markup=BUTTONS
    )
    assert sent.text == "李明同学，你好"
    assert sent.parse_entities() == {MessageEntity("bold", 0, 2): "李明"}
    assert sent.reply_markup == BUTTONS
    [seen] = [m for m in world.messages(STUDENT) if m.id == sent.message_id]
    assert seen.text == "李明同学，你好"
    assert seen.buttons == (("已谈话",), ("约不上老师",))


async def test_every_accepted_request_is_logged_and_told_to_listeners(
    bot: Bot, world: World
) -> None:
    heard: list[Exchange] = []
    stop = world.listen(heard.append)
    await bot.send_message(STUDENT, "你好", reply_markup=BUTTONS, disable_notification=True)
    stop()
    await bot.send_message(STUDENT, "再见")
    assert [(e.method, e.chat, e.text, e.buttons, e.silent) for e in heard] == [
        ("sendMessage", STUDENT, "你好", (("已谈话",), ("约不上老师",)), True)
    ]
    assert [e.text for e in world.log if e.method == "sendMessage"] == ["你好", "再见"]


async def test_reply_shows_the_message_it_answers(bot: Bot, world: World) -> None:
    asked = world.send(STUDENT, STUDENT, "已谈")
    sent = await bot.send_message(
        STUDENT, "记下了", reply_parameters=ReplyParameters(asked.id), protect_content=True
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "已谈"
    assert sent.has_protected_content


async def test_reply_to_a_vanished_message_may_be_allowed(bot: Bot) -> None:
    sent = await bot.send_message(
        STUDENT,
        "记下了",
        reply_parameters=ReplyParameters(999, allow_sending_without_reply=True),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.reply_to_message is None


@pytest.mark.parametrize(
    "markup",
    [ReplyKeyboardMarkup([["是", "否"]]), ReplyKeyboardRemove(), ForceReply(selective=True)],
)
async def test_other_reply_markups_are_taken_and_not_shown_under_the_message(
    bot: Bot, markup: ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
) -> None:
    assert (await bot.send_message(STUDENT, "?", reply_markup=markup)).reply_markup is None


async def test_edit_changes_text_and_takes_the_buttons_away(bot: Bot, world: World) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗", reply_markup=BUTTONS)
    await bot.edit_message_text("记下了", STUDENT, sent.message_id)
    seen = world.chat(STUDENT).messages[sent.message_id]
    assert (seen.text, seen.buttons) == ("记下了", ())
    assert seen.edited == world.now()


async def test_buttons_alone_can_be_edited(bot: Bot, world: World) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗", reply_markup=BUTTONS)
    await bot.edit_message_reply_markup(STUDENT, sent.message_id)
    assert world.chat(STUDENT).messages[sent.message_id].buttons == ()


async def test_deleted_message_is_gone(bot: Bot, world: World) -> None:
    typed = world.send(STUDENT, STUDENT, "4711")
    await bot.delete_message(STUDENT, typed.id)
    assert typed.id not in world.chat(STUDENT).messages


async def test_pressed_button_is_answered_to_the_one_who_pressed(bot: Bot, world: World) -> None:
    sent = await bot.send_message(STUDENT, "谈了吗", reply_markup=BUTTONS)
    query = world.press(STUDENT, STUDENT, sent.message_id, "已谈话")
    await bot.answer_callback_query(query, "记下了", show_alert=True)
    last = world.log[-1]
    assert (last.to, last.text, last.alert) == (STUDENT, "记下了", True)


async def test_document_comes_back_as_it_was_sent(bot: Bot, world: World) -> None:
    sent = await bot.send_document(STUDENT, BytesIO("表".encode()), "表", filename="登记表.docx")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("登记表.docx", "表")
    file = await sent.document.get_file()
    assert await file.download_as_bytearray() == "表".encode()
    assert world.log[-2].file == "登记表.docx"


async def test_known_file_can_be_sent_again_by_its_id(bot: Bot, world: World) -> None:
    first = await bot.send_document(STUDENT, b"x", filename="a.txt")
    assert first.document is not None
    again = await bot.send_document(TEACHER, first.document.file_id)
    assert again.document is not None
    assert again.document.file_name == "a.txt"


async def test_picture_is_replaced_with_words_and_buttons(bot: Bot, world: World) -> None:
    sent = await bot.send_photo(STUDENT, PNG, caption="第1页", reply_markup=BUTTONS)
    other = InputMediaPhoto(PNG + b"0", caption="<b>第2页</b>", parse_mode=ParseMode.HTML)
    edited = await bot.edit_message_media(other, STUDENT, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.caption, edited.reply_markup) == ("第2页", None)
    assert edited.photo != sent.photo
    seen = world.chat(STUDENT).messages[sent.message_id]
    assert seen.file is not None
    assert seen.file.content == PNG + b"0"
    assert world.log[-1].method == "editMessageMedia"


async def test_stored_picture_may_take_the_place_of_a_text(bot: Bot) -> None:
    photo = (await bot.send_photo(TEACHER, PNG)).photo[0].file_id
    sent = await bot.send_message(STUDENT, "谈了吗")
    edited = await bot.edit_message_media(InputMediaPhoto(photo), STUDENT, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.text, edited.caption) == (None, None)
    assert edited.photo[0].file_id == photo


async def test_caption_alone_can_be_edited(bot: Bot) -> None:
    sent = await bot.send_photo(STUDENT, PNG, caption="第1页")
    edited = await bot.edit_message_caption(STUDENT, sent.message_id, caption="第2页")
    assert isinstance(edited, Message)
    assert (edited.caption, edited.photo) == ("第2页", sent.photo)


async def test_photo_knows_its_size(bot: Bot) -> None:
    sent = await bot.send_photo(STUDENT, PNG, caption="<b>进度</b>", parse_mode=ParseMode.HTML)
    assert (sent.photo[0].width, sent.photo[0].height) == (1080, 600)
    assert sent.caption == "进度"
    again = await bot.send_photo(TEACHER, sent.photo[0].file_id)
    assert again.photo == sent.photo


async def test_file_may_be_attached_under_another_name(url: str, world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{url}/bot{TOKEN}/sendDocument",
            data={"chat_id": str(STUDENT), "document": "attach://paper"},
            files={"paper": ("登记表.docx", b"x")},
        )
    assert answer.json()["result"]["document"]["file_name"] == "登记表.docx"


async def test_upload_by_a_person_can_be_downloaded(bot: Bot, world: World) -> None:
    world.upload(TEACHER, TEACHER, b"rows", "名单.xlsx")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert await file.download_as_bytearray() == b"rows"


async def test_chat_action_and_reaction_are_seen(bot: Bot, world: World) -> None:
    said = world.send(STUDENT, STUDENT, "谢谢")
    await bot.send_chat_action(STUDENT, ChatAction.TYPING)
    await bot.set_message_reaction(STUDENT, said.id, "👍")
    assert said.reaction == "👍"
    await bot.set_message_reaction(STUDENT, said.id)
    assert said.reaction is None


async def test_menus_are_kept_by_scope(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "帮助")])
    await bot.set_my_commands([("done", "已谈")], BotCommandScopeChat(TEACHER))
    assert [c.command for c in await bot.get_my_commands()] == ["help"]
    assert [c.command for c in await bot.get_my_commands(BotCommandScopeChat(TEACHER))] == ["done"]
    await bot.delete_my_commands(BotCommandScopeChat(TEACHER))
    assert await bot.get_my_commands(BotCommandScopeChat(TEACHER)) == ()


async def test_profile_is_set(bot: Bot, world: World) -> None:
    await bot.set_my_name("引路")
    await bot.set_my_description("提醒谈话")
    await bot.set_my_short_description("提醒")
    assert world.profile == {
        "name:": "引路",
        "description:": "提醒谈话",
        "short_description:": "提醒",
    }


async def test_chats_and_members_can_be_looked_up(bot: Bot, world: World) -> None:
    world.add_group(GROUP, "学生第一党支部", [TEACHER, STUDENT])
    world.add_bot(GROUP, TEACHER, administrator=True)
    assert (await bot.get_chat(STUDENT)).first_name == "李明"
    assert (await bot.get_chat(GROUP)).title == "学生第一党支部"
    standing = [
        (await bot.get_chat_member(GROUP, user)).status
        for user in (TEACHER, STUDENT, STRANGER, bot.id)
    ]
    assert standing == [
        ChatMemberStatus.OWNER,
        ChatMemberStatus.MEMBER,
        ChatMemberStatus.LEFT,
        ChatMemberStatus.ADMINISTRATOR,
    ]
    await bot.set_my_commands([("link", "绑定")], BotCommandScopeChatMember(GROUP, TEACHER))


async def test_bot_leaves_a_group(bot: Bot, world: World) -> None:
    world.add_group(GROUP, "学生第一党支部", [TEACHER])
    world.add_bot(GROUP, TEACHER)
    await bot.leave_chat(GROUP)
    assert not world.chat(GROUP).bot_present


async def test_webhook_calls_do_what_polling_needs(bot: Bot, world: World) -> None:
    world.send(STUDENT, STUDENT, "一")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert await bot.delete_webhook()
    assert world.updates.pending == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert world.updates.pending == 0


async def test_message_goes_into_a_topic(bot: Bot, world: World) -> None:
    forum = -1_000_000_000_009
    world.add_group(forum, "支部", [TEACHER], supergroup=True, topics=[7])
    world.add_bot(forum, TEACHER)
    sent = await bot.send_message(forum, "本周", message_thread_id=7)
    assert (sent.message_thread_id, sent.is_topic_message) == (7, True)
