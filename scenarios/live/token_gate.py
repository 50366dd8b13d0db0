"""A door in front of a page that is served beyond this machine: nobody comes in without the token."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from threading import Thread
from urllib.parse import parse_qs

_COOKIE = "draisine"
_LONGEST = 16384
"""Greatest size of a request's head [byte]."""
_PATIENCE = 10.0
"""Time in which it must have come [s]."""
_LEFT = OSError, asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError
"""What may end a connection before anything was asked."""
_REFUSED = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"This ride is shown to those who have the token: open the address that 'draisine gui --web' has printed.\n"
)


class TokenGate:
    """Passes connections on to a page, if their first request has the token: in its address, or as a cookie.

    Who comes with the token in the address gets the cookie, and is sent on to the address without it.
    """

    def __init__(self, host: str, port: int, behind: int, token: str) -> None:
        """Open the door on a host and port; the page is behind it, on this machine's loopback.

        Raises:
            OSError: The port is taken.
        """
        self._behind, self._token = behind, token
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._come, host, port, limit=_LONGEST))
        self.port: int = self._server.sockets[0].getsockname()[1]
        """Where it is."""
        self._thread = Thread(target=self._loop.run_forever, name="token gate", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Shut it."""

        async def end() -> None:
            self._server.close()
            mine = asyncio.current_task()
            for task in asyncio.all_tasks():
                if task is not mine:
                    task.cancel()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_LEFT):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            match self._judge(head):
                case "in":
                    await self._pass_on(head, reader, writer)
                case "cookie":
                    cookie = f"{_COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/"
                    answer = "HTTP/1.1 302 Found", "Location: /", f"Set-Cookie: {cookie}", "Connection: close", "", ""
                    writer.write("\r\n".join(answer).encode())
                    await writer.drain()
                case _:
                    writer.write(_REFUSED)
                    await writer.drain()
        writer.close()

    def _judge(self, head: bytes) -> str:
        """Whether a request may come in: `in`, `cookie` for one that brings the token in its address, `out`."""
        first, *fields = head.decode("latin-1").split("\r\n")
        asked = first.split(" ")
        if len(asked) != 3:
            return "out"
        for given in parse_qs(asked[1].partition("?")[2]).get("token", []):
            if self._is_token(given):
                return "cookie"
        for line in fields:
            name, _, value = line.partition(":")
            if name.strip().lower() == "cookie":
                with suppress(CookieError):
                    cookie = SimpleCookie(value.strip()).get(_COOKIE)
                    if cookie is not None and self._is_token(cookie.value):
                        return "in"
        return "out"

    def _is_token(self, given: str) -> bool:
        return compare_digest(given.encode(), self._token.encode())

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._behind)
        back.write(head)
        ways = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            back.close()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
