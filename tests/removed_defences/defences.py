"""Every defence against faults and attacks, how to take it away, and where it ought to be missed.

A removal is an exact piece of text; when the code there changes, the suite says so at once, and the
removal is written anew. Several removals make one defence where it stands in more than one place.
"""

from __future__ import annotations

from dataclasses import dataclass

STORE = "tests/storage/"
DELIVERY = "tests/bot/delivery/"
DIALOGUES = "tests/bot/dialogues/"
MATRIX = ("tests/bot/matrix/test_matrix.py",)
POISON = "programs.py::test_broken_updates_of_sixteen_kinds_keep_nobody_from_being_answered"


@dataclass(frozen=True, slots=True)
class Removal:
    """``present``, which stands exactly once in the file, gives way to ``instead``."""

    path: str
    present: str
    instead: str


@dataclass(frozen=True, slots=True)
class Defence:
    """``removed`` says in words what is missing then; ``tests``: what pytest is given."""

    name: str
    removed: str
    removals: tuple[Removal, ...]
    tests: tuple[str, ...]


# They take minutes where the disk is busy, and others notice the same.
LEFT_OUT = (
    "tests/storage/test_journal_faults.py::test_whichever_call_fails_nothing_acknowledged_is_lost",
)


def within(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}test_{name}" for name in names)


ON_DISK = (
    Defence(
        "fdatasync",
        "a line is not synced before it counts",
        (Removal("storage/tail.py", "os.fdatasync(self._descriptor)", "pass"),),
        within(STORE, "journal_faults.py", "power_cut.py"),
    ),
    Defence(
        "file fsync",
        "a snapshot is renamed without having been synced",
        (
            Removal(
                "storage/contents.py",
                "os.fsync(descriptor)\n        finally",
                "pass\n        finally",
            ),
        ),
        within(STORE, "journal_faults.py", "power_cut.py"),
    ),
    Defence(
        "directory fsync",
        "no folder is synced after a name in it has changed",
        (
            Removal(
                "storage/contents.py", "os.fsync(descriptor)\n    finally", "pass\n    finally"
            ),
        ),
        within(STORE, "journal_faults.py", "power_cut.py"),
    ),
    Defence(
        "closed after a failure",
        "after a failed write the next line goes behind it",
        (
            Removal(
                "storage/journal_file.py",
                "except BaseException as failure:\n            self._stop()",
                "except BaseException as failure:",
            ),
        ),
        within(STORE, "journal_faults.py"),
    ),
    Defence(
        "CRC",
        "checksums are not compared",
        (Removal("storage/lines.py", 'if line[:9] != b"%08x " % crc32(body):', "if False:"),),
        within(STORE, "journal_damage.py"),
    ),
    Defence(
        "sequence check",
        "a line may follow any other",
        (
            Removal(
                "storage/replay.py",
                'if line.get("seq") != contents.sequence + 1:',
                "if False:",
            ),
        ),
        within(STORE, "journal_damage.py"),
    ),
    Defence(
        "never start empty",
        "a store without its journal begins anew",
        (
            Removal(
                "storage/replay.py", 'raise StoreDamaged(first, None, "文件缺失")', "return []"
            ),
        ),
        within(STORE, "journal_damage.py"),
    ),
    Defence(
        "backup as witness",
        "a store that ends before its newest backup starts",
        (
            Removal(
                "storage/backup_folder.py",
                "if known is None or known.sequence <= sequence:",
                "if True:",
            ),
        ),
        within(STORE, "backup_folder.py"),
    ),
    Defence(
        "flock",
        "the store is not locked",
        (
            Removal(
                "storage/lock.py",
                "fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)",
                "pass",
            ),
        ),
        within(
            STORE,
            "lock.py",
            "journal_kills.py::test_a_second_process_is_refused_and_a_reader_is_not",
        ),
    ),
    Defence(
        "unique key",
        "two rows may have one key",
        (
            Removal(
                "storage/tables.py",
                'Index("key", lambda r: r.keys, unique=True)',
                'Index("key", lambda r: r.keys)',
            ),
        ),
        within(STORE, "store_tables.py"),
    ),
    Defence(
        "undo",
        "a transaction that fails leaves what it has changed",
        (Removal("storage/live.py", "        self._back_to(0)\n", ""),),
        within(STORE, "store_transactions.py"),
    ),
)

COMING_IN = (
    Defence(
        "inbox",
        "what one process took in, the next does not handle: a queue in memory",
        (
            Removal(
                "bot/delivery/inbox.py",
                "self._news = asyncio.Event()",
                "self._news, self._mine = asyncio.Event(), set()",
            ),
            Removal(
                "bot/delivery/inbox.py",
                "row = self._desk.store.inbox.add(received)",
                "row = self._desk.store.inbox.add(received); self._mine.add(row.id)",
            ),
            Removal(
                "bot/delivery/inbox.py",
                'waiting = self._desk.store.inbox.where("state", InboxState.WAITING)\n        for',
                'waiting = [one for one in self._desk.store.inbox.where("state", '
                "InboxState.WAITING) if one.id in self._mine]\n        for",
            ),
        ),
        (
            *within(DELIVERY, "inbox.py"),
            "tests/soak/test_backlog.py::"
            "test_what_a_kill_left_in_the_inbox_is_handled_in_order_before_polling",
        ),
    ),
    Defence(
        "commit before confirmation",
        "Telegram may forget what could not be written",
        (
            Removal(
                "bot/delivery/polling.py",
                'raise NetworkError(f"inbox not written: {type(error).__name__}") from error',
                'log.error("inbox not written (%s)", type(error).__name__)',
            ),
        ),
        within(DELIVERY, "polling.py", "full_disk.py"),
    ),
    Defence(
        "hollowing",
        "the library gets whole updates",
        (
            Removal(
                "bot/delivery/polling.py",
                '"result": [{"update_id": one["update_id"]} for one in usable]',
                '"result": usable',
            ),
        ),
        within(DELIVERY, "polling.py", POISON),
    ),
    Defence(
        "poison quarantine",
        "an update that cannot be read stops those behind it",
        (
            Removal(
                "bot/delivery/inbox.py",
                "self._settle(row, InboxState.QUARANTINED, type(error).__name__)",
                "raise",
            ),
        ),
        within(DELIVERY, "inbox.py", POISON),
    ),
    Defence(
        "shape of an update",
        "whatever the library takes reaches the handlers",
        (Removal("bot/delivery/reading.py", "Shape.model_validate(raw)", "pass"),),
        within(DELIVERY, "reading.py", POISON),
    ),
    Defence(
        "known updates",
        "an update that comes again is taken for a new one",
        (
            Removal(
                "bot/delivery/inbox.py",
                "return any(row.raw in (received.raw, *forms) for row in known)",
                "return False",
            ),
        ),
        within(DELIVERY, "inbox.py"),
    ),
    Defence(
        "one transaction",
        "an update is marked as done after what it caused, not with it",
        (
            Removal(
                "bot/handlers/door.py",
                "self._handle(turn, handler)\n                self._inbox.finish()",
                "self._handle(turn, handler)",
            ),
        ),
        within(DELIVERY, "inbox.py"),
    ),
    Defence(
        "words kept until durable",
        "a withheld text is forgotten before the disk has taken what its handler did",
        (
            Removal(
                "bot/delivery/inbox.py",
                "self._desk.store.sync()\n        self._forget_handled()",
                "self._forget_handled()\n        self._desk.store.sync()",
            ),
        ),
        within(DELIVERY, "inbox.py"),
    ),
    Defence(
        "files kept until durable",
        "a roster's file goes before the disk has taken that nobody needs it",
        (
            Removal(
                "bot/actions/upload.py",
                "desk.store.sync()\n    live",
                "live",
            ),
        ),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "attempts cap, coming in",
        "a failing update is tried twice as often (for ever, the tests would not end)",
        (
            Removal(
                "bot/delivery/inbox.py",
                "if tried.attempts >= ATTEMPTS:",
                "if tried.attempts >= 2 * ATTEMPTS:",
            ),
            Removal(
                "bot/delivery/inbox.py",
                "pause = RETRY_SECONDS[tried.attempts - 1]",
                "pause = RETRY_SECONDS[-1]",
            ),
        ),
        within(DELIVERY, "inbox.py"),
    ),
    Defence(
        "edits: filter",
        "the dispatcher takes edited messages for new ones",
        (Removal("bot/app.py", "NEW = filters.UpdateType.MESSAGE", "NEW = filters.ALL"),),
        within(DIALOGUES, "student_words.py"),
    ),
    Defence(
        "edits: reading",
        "an edited message is read as new words",
        (
            Removal(
                "bot/handlers/turn.py",
                "    message = update.message\n",
                "    message = update.effective_message\n",
            ),
        ),
        within(DIALOGUES, "student_words.py"),
    ),
    Defence(
        "own words only",
        "forwarded, channels' and other bots' words count",
        (
            Removal(
                "bot/handlers/turn.py",
                "message.forward_origin or message.via_bot or message.sender_chat",
                "False",
            ),
        ),
        within(DIALOGUES, "student_words.py"),
    ),
    Defence(
        "invite's token",
        "the token of an invite is written down as it came",
        (
            Removal(
                "bot/delivery/redaction.py",
                'bare["text"] = _without_token(bare["text"])',
                "pass",
            ),
        ),
        (*within(DELIVERY, "redaction.py"), *within(DIALOGUES, "enrolment.py")),
    ),
    Defence(
        "withheld texts",
        "second factors and drafts are written down",
        (
            Removal(
                "bot/delivery/redaction.py",
                'return update | {"message": {**written, "text": WITHHELD, "length": len(text)}}, update',
                "return update, update",
            ),
        ),
        within(DELIVERY, "redaction.py", "inbox.py"),
    ),
)

GOING_OUT = (
    Defence(
        "durable before it leaves",
        "a message goes out before what it tells of is on disk",
        (
            Removal(
                "bot/delivery/outbox.py",
                "with self._desk.store.transaction():\n                return self._composed(row)",
                "with self._desk.store.transaction(sync=False):\n"
                "                return self._composed(row)",
            ),
        ),
        within(DELIVERY, "inbox.py"),
    ),
    Defence(
        "claim",
        "a row is not marked as being sent before it is",
        (
            Removal(
                "bot/delivery/outbox.py",
                "claimed = self._desk.store.outbox.put(\n",
                "claimed = (\n",
            ),
        ),
        within(DELIVERY, "aftermath.py"),
    ),
    Defence(
        "re-check",
        "a reminder goes although its subject is closed, or its window over",
        (Removal("bot/compose/message.py", "about = _still_about(desk, row)", "about = None"),),
        within(DELIVERY, "outbox.py", "trouble.py"),
    ),
    Defence(
        "attempts cap, going out",
        "what may have arrived is sent again and again",
        (
            Removal(
                "bot/delivery/aftermath.py",
                "again = row.attempts < COPIES and row.kind != POP",
                "again = row.kind != POP",
            ),
        ),
        within(DELIVERY, "aftermath.py"),
    ),
    Defence(
        "interrupted sends",
        "what was on the wire when the process ended stays there",
        (Removal("bot/delivery/aftermath.py", "if row.id not in in_flight:", "if False:"),),
        within(DELIVERY, "aftermath.py"),
    ),
    Defence(
        "（补发） on texts and files",
        "a second copy looks like the first",
        (
            Removal(
                "bot/delivery/wire.py",
                'f"{mark}{message.text}", message.file',
                "message.text, message.file",
            ),
        ),
        within(DELIVERY, "aftermath.py"),
    ),
    Defence(
        "（补发） on pictures",
        "a second copy of a picture looks like the first",
        (Removal("bot/delivery/wire.py", 'f"{mark}{message.caption}"', 'f"{message.caption}"'),),
        within(DIALOGUES, "status_picture.py"),
    ),
    Defence(
        "halt after a 429",
        "Telegram's word to wait is not heeded",
        (
            Removal(
                "bot/delivery/outbox.py",
                "self._limiter.halt(failure.seconds, self._desk.clock.monotonic())",
                "pass",
            ),
        ),
        within(DELIVERY, "aftermath.py", "outage.py"),
    ),
    Defence(
        "limiter",
        "messages leave in bursts",
        (
            Removal(
                "bot/delivery/limiter.py",
                "self._next = (self._next if now - self._next < LATE else now) + self._gap",
                "pass",
            ),
        ),
        within(DELIVERY, "limiter.py"),
    ),
    Defence(
        "sliding second",
        "what leaves late is caught up beyond the rate",
        (Removal("bot/delivery/limiter.py", "slot = max(slot, self._last[0] + SECOND)", "pass"),),
        within(DELIVERY, "limiter.py"),
    ),
    Defence(
        "answers first",
        "answers wait behind reminders",
        (
            Removal(
                "bot/delivery/waiting.py",
                "return 2 if row.reminder else 0 if row.kind == POP else 1",
                "return 0",
            ),
        ),
        within(DELIVERY, "outbox.py"),
    ),
    Defence(
        "unreachable people",
        "whoever blocked the bot is not known to have",
        (Removal("bot/delivery/aftermath.py", "trouble.lost(self._desk, row.chat)", "pass"),),
        within(DELIVERY, "aftermath.py", "trouble.py"),
    ),
    Defence(
        "supergroups",
        "a branch does not follow its group",
        (Removal("bot/delivery/aftermath.py", "link.follow(self._desk, row.chat, chat)", "pass"),),
        within(DELIVERY, "aftermath.py"),
    ),
    Defence(
        "autoescape",
        "names are markup",
        (Removal("messages/catalogue.py", "autoescape=True", "autoescape=False"),),
        ("tests/messages/test_render.py", "tests/bot/test_odd_names.py"),
    ),
)

WATCHING = (
    Defence(
        "watchdog",
        "a stuck process is left to itself",
        (Removal("bot/delivery/watchdog.py", "self._leave(STUCK)", "pass"),),
        within(DELIVERY, "watchdog.py"),
    ),
    Defence(
        "refused token",
        "a token that Telegram refuses goes unnoticed",
        (Removal("bot/delivery/polling.py", "self.refused.set()", "pass"),),
        within(DELIVERY, "polling.py"),
    ),
    Defence(
        "token in logs",
        "logs hold what they are given",
        (
            Removal(
                "bot/logs.py",
                "key: TOKEN.sub(HIDDEN, value) if isinstance(value, str) else value",
                "key: value",
            ),
        ),
        ("tests/bot/test_logs.py",),
    ),
    Defence(
        "texts in logs",
        "logs hold what exceptions say",
        (Removal("bot/logs.py", '" < ".join(_chain(error))', "repr(error)"),),
        ("tests/bot/test_logs.py",),
    ),
)

WHO_MAY = (
    Defence(
        "from.id of a press",
        "anybody may press anybody's button",
        (Removal("bot/handlers/press.py", "if button.person != turn.who.id:", "if False:"),),
        within(DIALOGUES, "access.py"),
    ),
    Defence(
        "protected content",
        "whoever reads the names of others may forward them",
        (
            Removal(
                "bot/delivery/wire.py",
                '"protect_content": message.protected,',
                '"protect_content": False,',
            ),
        ),
        within(DIALOGUES, "protected.py"),
    ),
    Defence(
        "forwarding what is meant for it",
        "the link of an enrolment can't be forwarded",
        (
            Removal(
                "bot/compose/message.py",
                " and not catalogue.entries[kind].forward",
                "",
            ),
        ),
        within(DIALOGUES, "protected.py"),
    ),
    Defence(
        "default deny",
        "what the table of rights does not know is allowed",
        (
            Removal(
                "bot/access.py",
                'if rule is None:\n        raise Denied("not_allowed")',
                "if rule is None:\n        return",
            ),
        ),
        within(DIALOGUES, "access.py"),
    ),
    Defence(
        "single use",
        "an invite may be used again",
        (Removal("bot/actions/enrol.py", "        invite.used is None\n", "        True\n"),),
        (*within(DIALOGUES, "enrolment.py"), "tests/bot/actions/test_enrol.py"),
    ),
    Defence(
        "three tries",
        "the second factor may be guessed for ever",
        (
            Removal(
                "bot/actions/enrol.py",
                "dead = desk.now() if tries >= TRIES else None",
                "dead = None",
            ),
        ),
        within(DIALOGUES, "enrolment.py"),
    ),
    Defence(
        "failures of an account",
        "links may be tried as often as one likes",
        (
            Removal(
                "bot/actions/throttle.py",
                "if not rules.may_try(own, len(failures)):",
                "if False:",
            ),
        ),
        within(DIALOGUES, "enrolment_attacks.py"),
    ),
    Defence(
        "one answer for links that open nothing",
        "an account that is enrolled learns which links open",
        (
            Removal(
                "bot/actions/enrol.py",
                "(invite is None or not is_good(desk, invite))",
                "invite is None",
            ),
        ),
        within(DIALOGUES, "enrolment_attacks.py"),
    ),
    Defence(
        "a token for each attempt",
        "a link that is sent again is the same one",
        (
            Removal(
                "bot/actions/enrol.py",
                "    token = secrets.token_urlsafe(24)\n",
                "    token = token_hash(str(invite.id))[:32]\n",
            ),
        ),
        within(DIALOGUES, "invites.py"),
    ),
    Defence(
        "whose chat it is",
        "what waited for an account that has ended is sent to it",
        (
            Removal(
                "bot/delivery/outbox.py",
                "if row.to is not None and not self._is_theirs(row):",
                "if False:",
            ),
        ),
        within(DIALOGUES, "enrolment_attacks.py"),
    ),
    Defence(
        "expiry of a button",
        "a button counts for ever",
        (
            Removal(
                "bot/handlers/press.py",
                "if button is None or turn.desk.now() >= button.expires:",
                "if button is None:",
            ),
        ),
        MATRIX,
    ),
    Defence(
        "sides of a talk",
        "an old button records for a student of somebody else",
        (
            Removal(
                "bot/actions/talk.py",
                "if person.id != whose or pairing.until is not None:",
                "if False:",
            ),
        ),
        MATRIX,
    ),
    Defence(
        "steps of an introduction",
        "an old button records a step of anybody's way to the meeting",
        (
            Removal(
                "bot/handlers/introduction_steps.py",
                'for one in () if is_own else args["students"]:',
                "for one in ():",
            ),
        ),
        MATRIX,
    ),
    Defence(
        "denial where access fails",
        "whoever cannot be judged may",
        (
            Removal(
                "bot/access.py",
                'raise Denied("stranger" if person is None else "not_allowed") from unforeseen',
                "return",
            ),
        ),
        within(DIALOGUES, "access.py"),
    ),
    Defence(
        "ties",
        "whoever has the role may do it to anybody's student",
        (Removal("bot/access.py", "if person is not None and rule.tie:", "if False:"),),
        MATRIX,
    ),
    Defence(
        "count of denials",
        "nobody knows what was refused",
        (Removal("bot/handlers/door.py", "if isinstance(refusal, Denied):", "if False:"),),
        (*MATRIX, *within(DIALOGUES, "access.py")),
    ),
    Defence(
        "flood",
        "an account may say and press as much as it likes",
        (Removal("bot/delivery/inbox.py", "if self._is_too_much(raw):", "if False:"),),
        within(DELIVERY, "flood.py"),
    ),
)

SENT_IN = (
    Defence(
        "limits of the reader",
        "a workbook may take all the memory there is",
        (Removal("storage/workbook_apart.py", "_limit(MEMORY, SECONDS)", "pass"),),
        within(STORE, "workbook_apart.py"),
    ),
    Defence(
        "ratio of a zip",
        "a file may unpack to whatever it likes",
        (
            Removal(
                "storage/workbook_files.py",
                "if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED "
                "or unpacked > MOST_RATIO * packed:",
                "if False:",
            ),
        ),
        within(STORE, "workbook_refusals.py", "workbook_apart.py"),
    ),
    Defence(
        "numbers by chat",
        "a roster is taken in although the office has not allowed it",
        (
            Removal(
                "bot/handlers/uploads.py",
                'raise Refusal("roster_off")\n    if size',
                "pass\n    if size",
            ),
        ),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "size before it is fetched",
        "a file of any size is fetched",
        (Removal("bot/handlers/uploads.py", "if size > MOST_BYTES:", "if False:"),),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "what was shown",
        "another change is applied than the one that was shown",
        (Removal("bot/actions/upload.py", "now.mark != shown or ", ""),),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "cells of a fault",
        "a fault told in chat quotes the cell",
        (Removal("bot/compose/uploads.py", "replace(fault, said=None)", "replace(fault)"),),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "names of files",
        "the sender's name of a file is kept",
        (Removal("bot/delivery/redaction.py", 'isinstance(bare.get("document"), dict)', "False"),),
        within(DIALOGUES, "roster_upload.py"),
    ),
    Defence(
        "no roster left behind",
        "what was read of a roster stays on disk",
        (Removal("bot/actions/upload.py", "path.unlink(missing_ok=True)", "pass"),),
        within(DIALOGUES, "roster_upload.py"),
    ),
)

PURGE = ("tests/test_purge.py",)
REMEMBERED = (
    Defence(
        "chain of the audit",
        "a deed that was changed on disk is not found",
        (
            Removal(
                "storage/chain.py",
                'if deed.get("link") != link(before, id, deed):',
                "if False:",
            ),
        ),
        within(STORE, "audit.py"),
    ),
    Defence(
        "append-only audit",
        "the program itself may change a deed",
        (
            Removal(
                "storage/audit.py",
                "if record not in (replace(held, undone=record.undone), blanked(held)):",
                "if False:",
            ),
        ),
        within(STORE, "audit.py"),
    ),
    Defence(
        "backup elsewhere",
        "a chain computed anew passes for the one in a backup",
        (
            Removal(
                "bot/commands/backups.py", "    _require_continued(folder, file, contents)", ""
            ),
        ),
        ("tests/bot/commands/test_audit_command.py",),
    ),
    Defence(
        "log of reads",
        "who reads of others leaves no line",
        (
            Removal(
                "bot/actions/reads.py", "deed.record(desk, what, reader.id, about=about)", "pass"
            ),
        ),
        within(DIALOGUES, "reads.py"),
    ),
)
FORGOTTEN = (
    Defence(
        "snapshot after a purge",
        "the daily purge leaves the store's files as they were",
        (
            Removal(
                "bot/actions/housekeeping.py",
                "if backup_folder.goes_to(store / SNAPSHOT) < purged:",
                "if False:",
            ),
        ),
        PURGE,
    ),
    Defence(
        "journals dropped with a snapshot",
        "journals that a snapshot has replaced stay",
        (
            Removal(
                "storage/journal_file.py",
                "            if path < before:\n                path.unlink()",
                "            pass",
            ),
        ),
        PURGE,
    ),
    Defence(
        "older backups after a purge",
        "what was backed up before a purge stays",
        (
            Removal(
                "bot/actions/housekeeping.py",
                "backup_folder.remove_older(self.folder, self.purged)",
                "pass",
            ),
        ),
        PURGE,
    ),
    Defence(
        "purge ahead of the backup",
        "the timer backs up without having purged",
        (
            Removal(
                "bot/delivery/schedule.py",
                "housekeeping.tidy_up(desk, folder)",
                "pass",
            ),
        ),
        PURGE,
    ),
)

CANARY = ("tests/bot/matrix/test_canary.py",)
TOKEN = ("tests/bot/test_logs.py", "tests/bot/delivery/test_token.py")

GETTING_OUT = (
    Defence(
        "redaction of the token",
        "the token is logged where a text holds it",
        (Removal("bot/logs.py", "            redact,\n", ""),),
        TOKEN,
    ),
    Defence(
        "errors without their words",
        "an exception is logged with its traceback and text",
        (Removal("bot/logs.py", "            format_error,\n", ""),),
        TOKEN,
    ),
    Defence(
        "quiet libraries",
        "httpx, httpcore, apscheduler and the library of Telegram log what they like",
        (
            Removal(
                "bot/logs.py",
                "    for name, least in QUIET.items():\n"
                "        logging.getLogger(name).setLevel(least)\n",
                "",
            ),
        ),
        ("tests/bot/test_logs.py",),
    ),
    Defence(
        "one line a record",
        "line ends and a terminal's codes that JSON leaves alone are logged as they are",
        (Removal("bot/logs.py", "UNSEEN.sub(", "re.compile(r'(?!)').sub("),),
        ("tests/bot/test_logs.py",),
    ),
    Defence(
        "no bidi characters",
        "a name may turn the text around it",
        (Removal("storage/workbook_cells.py", 'in {"Cc", "Cf", "Cs"}', 'in {"Cc"}'),),
        ("tests/bot/test_odd_names.py",),
    ),
    Defence(
        "length of a name",
        "a name may be of any length",
        (
            Removal(
                "storage/workbook_cells.py",
                "LONGEST_NAME: Final = 40",
                "LONGEST_NAME: Final = 9999",
            ),
        ),
        ("tests/bot/test_odd_names.py",),
    ),
    Defence(
        "no numbers in files by chat",
        "a workbook asked for in chat carries the 编号",
        (
            Removal(
                "bot/compose/report.py", "*, numbered: bool = False", "*, numbered: bool = True"
            ),
        ),
        CANARY,
    ),
    Defence(
        "private alone",
        "what a command tells in private it tells in any group",
        (
            Removal(
                "bot/access.py",
                "if not rule.where & where:",
                "if False:",
            ),
        ),
        CANARY,
    ),
)

DEFENCES = (
    *ON_DISK,
    *COMING_IN,
    *GOING_OUT,
    *WATCHING,
    *WHO_MAY,
    *SENT_IN,
    *REMEMBERED,
    *FORGOTTEN,
    *GETTING_OUT,
)
