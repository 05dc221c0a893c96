"""`yinlu service`: a hardened systemd unit for this installation and this data folder."""

from __future__ import annotations

import os
import pwd
import re
import sys
from pathlib import Path

from bot.control import LONGEST, NAME
from bot.desks import STORE, load_settings
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.settings import CREDENTIAL

PLAIN = re.compile(r"[\w./@+:-]+")  # what needs no quoting in any line of a unit
HOMES = tuple(map(Path, ("/home", "/root", "/run/user")))  # what ProtectHome= hides
TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - what PrivateTmp= hides
TOKEN = "token"  # noqa: S105 - the name of the file in the data folder

UNIT = """\
# 引路：{folder}
# 存为 /etc/systemd/system/yinlu.service，然后 systemctl daemon-reload && systemctl enable --now yinlu。
# 设置写在 {folder}/settings.toml；这里看不到登录时的环境变量。
[Unit]
Description=Yinlu (Telegram bot of the Party-building office)
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={user}
ExecStart={command} --data {folder} run
LoadCredential={credential}:{token}
WatchdogSec=60
Restart=always
RestartSec=5
TimeoutStopSec=20
UMask=0077

# 只能写数据文件夹，只能联网。
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome={home}
ReadWritePaths={folder}
PrivateTmp={private_tmp}
PrivateDevices=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def unit(folder: Path, user: str | None) -> Outcome:
    """Return the unit. Refused: root, nobody of that name, a folder that is not theirs, an odd path."""
    owner = _account(user)
    place = folder.absolute()
    if not (place / STORE).is_dir():
        raise Refused(f"{folder} 里还没有数据，请先由运行机器人的用户运行 yinlu init。")
    if place.stat().st_uid != owner.pw_uid:
        raise Refused(
            f"{folder} 不属于用户 {owner.pw_name}，请先运行 chown -R {owner.pw_name} {folder}。"
        )
    token = (load_settings(folder).token_file or place / TOKEN).absolute()
    command = Path(sys.executable).parent / "yinlu"
    starts = str(command) if command.exists() else f"{sys.executable} -m bot"
    for path in (str(place), str(token), *starts.split(" -m ")[:1]):
        if not PLAIN.fullmatch(path):
            raise Refused(
                f"{path}：服务的路径里不能有空格、引号、百分号之类的符号，请换一个位置。"
            )
    is_at_home = any(Path(one).is_relative_to(home) for one in (place, starts) for home in HOMES)
    is_in_tmp = any(Path(one).is_relative_to(tmp) for one in (place, starts) for tmp in TEMPORARY)
    # The commands look for their socket in /tmp where its own path is too long.
    is_found_in_tmp = len(os.fsencode(place / NAME)) > LONGEST
    text = UNIT.format(
        folder=place,
        user=owner.pw_name,
        command=starts,
        credential=CREDENTIAL,
        token=token,
        home="read-only" if is_at_home else "yes",
        private_tmp="no" if is_in_tmp or is_found_in_tmp else "yes",
    )
    return Outcome(lines=tuple(text.splitlines()))


def _account(user: str | None) -> pwd.struct_passwd:
    """Return who is to run it: the one named, or whoever asks."""
    try:
        found = pwd.getpwuid(os.getuid()) if user is None else pwd.getpwnam(user)
    except KeyError:
        raise Refused(f"这台机器上没有用户 {user or os.getuid()}，请先建立（useradd）。") from None
    if found.pw_uid == 0:
        raise Refused("不要用 root 运行机器人，请用 --user 写明由哪个用户运行。")
    return found
