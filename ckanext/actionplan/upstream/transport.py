"""One request to the other portal, which may be slow, endless or hostile."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from . import address
from .errors import Problem, UpstreamError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from .limits import Limits

_HEADERS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": "ckanext-actionplan",
}
_CHUNK: Final = 64 * 1024
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500


class Transport:
    """Asks the other portal for JSON, within limits.

    :param limits: of time, size and depth.
    :param clock: seconds that only grow; a test brings its own.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sockets = _Sockets(limits.private_allowed)
        self._session = requests.Session()
        # Passwords of a .netrc file are not for the other portal.
        self._session.trust_env = False
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._session.headers.update(_HEADERS)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._sockets))
        self._read = 0

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def get(self, url: str, params: dict[str, Any]) -> Any:
        """Ask once.

        :returns: the parsed answer.
        :raises UpstreamError: for whatever goes wrong.
        """
        limits = self._limits
        public = address.check(url, private_allowed=limits.private_allowed)
        # A proxy is asked for public addresses only; its own may be private.
        proxies = requests.utils.get_environ_proxies(url) if public else {}
        deadline = self._clock() + limits.request_seconds
        with self._sockets.cut_after(limits.request_seconds) as cut:
            try:
                return self._get(url, params, proxies, deadline)
            except (
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                OSError,
            ) as error:
                raise _problem(error, cut) from error

    def _get(
        self,
        url: str,
        params: dict[str, Any],
        proxies: dict[str, str],
        deadline: float,
    ) -> Any:
        with self._session.get(
            url,
            params=params,
            proxies=proxies,
            timeout=self._limits.request_seconds,
            allow_redirects=False,
            stream=True,
        ) as response:
            _check_head(response)
            body = b"".join(self._pieces(response, deadline))
        return _parse(body, self._limits.depth)

    def _pieces(self, response: requests.Response, deadline: float) -> Iterator[bytes]:
        """The answer, unpacked piece by piece: a small one may unpack to gigabytes."""
        unpack = _unpacker(response.headers.get("Content-Encoding", ""))
        left = self._limits.response_bytes
        while chunk := response.raw.read(_CHUNK, decode_content=False):
            piece = unpack(chunk, left + 1)
            left -= len(piece)
            self._read += len(piece)
            if left < 0 or self._read > self._limits.run_bytes:
                raise UpstreamError(Problem.TOO_LARGE)
            if self._clock() > deadline:
                raise UpstreamError(Problem.TIMEOUT, retry=True)
            yield piece


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    if encoding in ("", "identity"):
        return lambda chunk, _limit: chunk
    if encoding not in ("gzip", "deflate"):
        raise UpstreamError(Problem.ENCODING)
    window = zlib.MAX_WBITS | (16 if encoding == "gzip" else 0)
    stream = zlib.decompressobj(window)

    def unpack(chunk: bytes, limit: int) -> bytes:
        try:
            return stream.decompress(chunk, max(limit, 1))
        except zlib.error as error:
            raise UpstreamError(Problem.ENCODING) from error

    return unpack


def _check_head(response: requests.Response) -> None:
    status = response.status_code
    if response.is_redirect or response.is_permanent_redirect:
        raise UpstreamError(Problem.REDIRECT)
    if status == _TOO_MANY_REQUESTS or status >= _SERVER_ERROR:
        pause = response.headers.get("Retry-After", "")
        seconds = float(pause) if pause.isascii() and pause.isdigit() else 0
        raise UpstreamError(Problem.STATUS, str(status), retry=True, pause=seconds)
    if status != requests.codes["ok"]:
        raise UpstreamError(Problem.STATUS, str(status))
    if "json" not in response.headers.get("Content-Type", "").lower():
        raise UpstreamError(Problem.NOT_JSON)


def _problem(error: Exception, cut: threading.Event) -> UpstreamError:
    """What an error of the connection means."""
    slow = isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError))
    problem = Problem.TIMEOUT if slow or cut.is_set() else Problem.UNREACHABLE
    return UpstreamError(problem, retry=True)


def _parse(body: bytes, depth: int) -> Any:
    def no_number(_text: str) -> Any:
        raise UpstreamError(Problem.NOT_JSON)

    try:
        answer = json.loads(body, parse_constant=no_number)
    except RecursionError as error:
        raise UpstreamError(Problem.TOO_DEEP) from error
    except ValueError as error:
        raise UpstreamError(Problem.NOT_JSON) from error
    if _deeper(answer, depth):
        raise UpstreamError(Problem.TOO_DEEP)
    return answer


def _deeper(answer: Any, depth: int) -> bool:
    """Whether lists and dicts are nested deeper, level by level."""
    level = [answer]
    for _ in range(depth + 1):
        level = [
            part
            for each in level
            if isinstance(each, (dict, list))
            for part in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


class _Sockets:
    """The sockets of a session: where they lead to, and cutting them off in time.

    :param private_allowed: they may lead to private addresses.
    """

    def __init__(self, private_allowed: bool) -> None:
        self._private_allowed = private_allowed
        self._open: list[socket.socket] = []

    def check(self, sock: socket.socket) -> None:
        """Refuse a socket to a private address: a name may change what it means."""
        peer = sock.getpeername()[0]
        if not self._private_allowed and not address.is_public(peer):
            sock.close()
            raise UpstreamError(Problem.PRIVATE_ADDRESS)
        self.opened(sock)

    def opened(self, sock: socket.socket) -> None:
        """Remember a socket while it is open."""
        self._open = [each for each in self._open if each.fileno() >= 0]
        self._open.append(sock)

    @contextmanager
    def cut_after(self, seconds: float) -> Generator[threading.Event, None, None]:
        """Shut the sockets down when time is over, even in the middle of a header."""
        cut = threading.Event()

        def shut() -> None:
            cut.set()
            for sock in list(self._open):
                with suppress(OSError):
                    # Not the method of an SSL socket: that one is not for threads.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

        timer = threading.Timer(seconds, shut)
        timer.daemon = True
        timer.start()
        try:
            yield cut
        finally:
            timer.cancel()


class _Adapter(HTTPAdapter):
    """Connects through sockets that are looked at before anything is sent."""

    def __init__(self, sockets: _Sockets) -> None:
        self._sockets = sockets
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._sockets)


def _pools(sockets: _Sockets) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            sockets.check(sock)
            return sock

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            sockets.check(sock)
            return sock

        def connect(self) -> None:
            super().connect()
            # The handshake has put another socket in the place of the first.
            if self.sock:
                sockets.opened(self.sock)

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}
