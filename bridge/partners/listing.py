"""What lies in a folder, with names in the bytes of the server.

paramiko reads names as UTF-8 and gives up on a whole folder for one name
that is not. So the same questions are asked here, and names stay bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from paramiko import SFTPAttributes
from paramiko.sftp import CMD_CLOSE
from paramiko.sftp import CMD_OPENDIR
from paramiko.sftp import CMD_READDIR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko import SFTPClient


def listed(client: SFTPClient, folder: str) -> Iterator[tuple[bytes, Any]]:
    """Each name of a folder with its attributes, links as links.

    Raises what paramiko raises.
    """
    handle = client._request(CMD_OPENDIR, folder)[1].get_string()  # noqa: SLF001 - see above
    try:
        while True:
            _, answer = client._request(CMD_READDIR, handle)  # noqa: SLF001
            for _ in range(answer.get_int()):
                name = answer.get_string()
                answer.get_string()  # as `ls -l` would show it
                yield name, SFTPAttributes._from_msg(answer)  # noqa: SLF001
    except EOFError:
        client._request(CMD_CLOSE, handle)  # noqa: SLF001
