"""What people do, and what the bot hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from telegram import Bot, Update
from telegram.constants import ChatMemberStatus

from bot.rehearsal.botapi import World
from bot.rehearsal.botapi.model import User
from tests.bot.rehearsal.botapi.conftest import GROUP, STRANGER, STUDENT, TEACHER

OTHER_BOT = 777


@pytest.fixture
def group(world: World) -> int:
    """A group with the bot in it; nothing waits to be fetched."""
    world.add_group(GROUP, "学生第一党支部", [TEACHER, STUDENT])
    world.add_bot(GROUP, TEACHER)
    world.updates.forget()
    return GROUP


async def heard(bot: Bot) -> list[Update]:
    """All updates that wait, confirmed."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def words(bot: Bot) -> list[str]:
    return [
        update.message.text
        for update in await heard(bot)
        if update.message is not None and update.message.text
    ]


async def test_start_with_an_invite_opens_the_private_chat(bot: Bot, world: World) -> None:
    world.start(STRANGER, "Zk3_-x")
    [update] = await heard(bot)
    assert update.message is not None
    assert update.message.text == "/start Zk3_-x"
    assert list(update.message.parse_entities(["bot_command"]).values()) == ["/start"]
    assert update.message.date == world.now()
    await bot.send_message(STRANGER, "你好")


def test_links_no_client_would_open_are_mistakes_of_the_test(world: World) -> None:
    for payload in ("x" * 65, "a b", "名"):
        with pytest.raises(ValueError, match="no client opens"):
            world.start(STRANGER, payload)


async def test_block_and_return_are_told(bot: Bot, world: World) -> None:
    world.block(STUDENT)
    world.block(STUDENT)
    world.start(STUDENT)
    gone, back, hello = await heard(bot)
    assert gone.my_chat_member is not None
    assert gone.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == ChatMemberStatus.MEMBER
    assert hello.message is not None
    assert hello.message.text == "/start"


async def test_reply_edit_and_forward_arrive_as_such(bot: Bot, world: World) -> None:
    first = await bot.send_message(STUDENT, "谈了吗")
    said = world.send(STUDENT, STUDENT, "已谈", reply_to=first.message_id)
    world.edit(STUDENT, STUDENT, said.id, "没谈")
    world.send(STUDENT, STUDENT, "已谈", forwarded_from=TEACHER)
    reply, edit, forward = await heard(bot)
    assert reply.message is not None
    assert reply.message.reply_to_message is not None
    assert reply.message.reply_to_message.message_id == first.message_id
    assert edit.message is None
    assert edit.edited_message is not None
    assert edit.edited_message.text == "没谈"
    assert forward.message is not None
    assert forward.message.forward_origin is not None


async def test_press_carries_the_data_of_the_button(bot: Bot, world: World) -> None:
    markup = {"inline_keyboard": [[{"text": "属实", "callback_data": "k7"}]]}
    sent = world.post(world.chat(TEACHER), world.bot.id, text="李明说谈了", markup=markup)
    world.press(TEACHER, TEACHER, sent.id, "属实")
    world.press(TEACHER, TEACHER, sent.id, "k7")
    world.forge_press(TEACHER, TEACHER, sent.id, "stale")
    queries = [update.callback_query for update in await heard(bot)]
    assert [query and query.data for query in queries] == ["k7", "k7", "stale"]
    assert queries[0] is not None
    assert queries[0].message is not None
    assert queries[0].message.message_id == sent.id


def test_press_of_a_button_that_is_not_there_or_not_clear_is_a_mistake_of_the_test(
    world: World,
) -> None:
    twice = [{"text": "属实", "callback_data": data} for data in ("k7", "k8")]
    markup = {"inline_keyboard": [twice]}
    sent = world.post(world.chat(TEACHER), world.bot.id, text="?", markup=markup)
    with pytest.raises(KeyError, match="没有谈"):
        world.press(TEACHER, TEACHER, sent.id, "没有谈")
    with pytest.raises(ValueError, match="2 buttons"):
        world.press(TEACHER, TEACHER, sent.id, "属实")


async def test_privacy_mode_keeps_the_groups_talk_from_the_bot(
    bot: Bot, world: World, group: int
) -> None:
    mine = await bot.send_message(group, "本周进度")
    theirs = world.send(TEACHER, group, "大家好")
    world.send(STUDENT, group, "请看 /status")
    world.send(STUDENT, group, "收到", reply_to=theirs.id)
    world.send(STUDENT, group, "/done@another_bot")
    world.send(STUDENT, group, "/done")
    world.send(STUDENT, group, "/done@Yinlu_Bot 李明")
    world.send(STUDENT, group, "已谈", reply_to=mine.message_id)
    assert await words(bot) == ["/done", "/done@Yinlu_Bot 李明", "已谈"]


async def test_bare_command_goes_to_the_bot_that_posted_last(
    bot: Bot, world: World, group: int
) -> None:
    world.users[OTHER_BOT] = User(id=OTHER_BOT, first_name="别的", is_bot=True)
    world.post(world.chat(group), OTHER_BOT, text="广告")
    world.send(TEACHER, group, "/status")
    assert await words(bot) == []
    await bot.send_message(group, "本周进度")
    world.send(TEACHER, group, "/status")
    assert await words(bot) == ["/status"]


async def test_administrator_bot_reads_everything(bot: Bot, world: World, group: int) -> None:
    world.add_bot(group, TEACHER, administrator=True)
    world.send(STUDENT, group, "闲聊")
    assert await words(bot) == ["闲聊"]


async def test_presses_in_groups_arrive_from_anyone(bot: Bot, world: World, group: int) -> None:
    sent = await bot.send_message(group, "本周进度")
    world.forge_press(STUDENT, group, sent.message_id, "x")
    [update] = await heard(bot)
    assert update.callback_query is not None
    assert update.callback_query.from_user.id == STUDENT


async def test_bot_is_told_of_its_own_comings_and_goings(bot: Bot, world: World) -> None:
    world.add_group(GROUP, "支部", [TEACHER])
    world.add_bot(GROUP, TEACHER)
    world.join(STRANGER, GROUP)
    world.remove_bot(GROUP, TEACHER)
    world.send(TEACHER, GROUP, "/done@yinlu_bot")
    came, service, joined, went = await heard(bot)
    assert came.my_chat_member is not None
    assert came.my_chat_member.from_user.id == TEACHER
    assert service.message is not None
    assert service.message.new_chat_members[0].id == bot.id
    assert joined.message is not None
    assert joined.message.new_chat_members[0].id == STRANGER
    assert went.my_chat_member is not None
    assert went.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED


async def test_upgrade_is_told_in_both_chats(bot: Bot, world: World, group: int) -> None:
    new = world.upgrade(group)
    old_side, new_side = await heard(bot)
    assert old_side.message is not None
    assert old_side.message.migrate_to_chat_id == new.id
    assert new_side.message is not None
    assert new_side.message.migrate_from_chat_id == group
    assert new_side.message.message_id == 1
    with pytest.raises(ValueError, match="can be upgraded"):
        world.upgrade(new.id)
    with pytest.raises(ValueError, match=f"became {new.id}"):
        world.send(TEACHER, group, "旧群")


def test_deeds_no_person_could_do_are_refused(world: World, group: int) -> None:
    world.add_user(404, "已注销")
    world.deactivate(404)
    said = world.send(STUDENT, STUDENT, "你好")
    attempts: list[Callable[[], object]] = [
        lambda: world.add_user(STUDENT, "又一个"),
        lambda: world.add_group(5, "正数", [TEACHER]),
        lambda: world.send(404, 404, "你好"),
        lambda: world.send(STRANGER, STRANGER, "没开始"),
        lambda: world.send(STUDENT, TEACHER, "别人的"),
        lambda: world.send(STRANGER, group, "不在群里"),
        lambda: world.send(STUDENT, STUDENT, " "),
        lambda: world.send(STUDENT, STUDENT, "x" * 4097),
        lambda: world.send(STUDENT, STUDENT, "x", reply_to=999),
        lambda: world.send(STUDENT, STUDENT, "x", thread=7),
        lambda: world.edit(TEACHER, TEACHER, said.id, "改"),
    ]
    for attempt in attempts:
        with pytest.raises((ValueError, KeyError)):
            attempt()


def test_only_the_author_edits_a_message(world: World) -> None:
    asked = world.post(world.chat(STUDENT), world.bot.id, text="谈了吗")
    with pytest.raises(ValueError, match="their own"):
        world.edit(STUDENT, STUDENT, asked.id, "改")
