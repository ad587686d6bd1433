"""Addresses that may be asked: http and https, public unless allowed otherwise."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from .errors import Problem, UpstreamError

_PORTS = {"http": 80, "https": 443}


def check(url: str, *, private_allowed: bool) -> bool:
    """Refuse an address before anything is sent to it.

    :param private_allowed: loopback and private addresses are no reason to refuse.
    :returns: whether every address of the host is public.
    :raises UpstreamError: when it is no web address, its host is unknown, or private.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UpstreamError(Problem.ADDRESS) from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.username:
        raise UpstreamError(Problem.ADDRESS)
    public = all(
        map(is_public, _addresses(parts.hostname, port or _PORTS[parts.scheme]))
    )
    if not public and not private_allowed:
        raise UpstreamError(Problem.PRIVATE_ADDRESS)
    return public


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UpstreamError(Problem.UNKNOWN_HOST, retry=True) from error
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    :param address: of a socket, with or without the zone of a link-local one.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # A private address stays private in the clothes of version 6.
        inner = found.ipv4_mapped or found.sixtofour
        if inner:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
