"""Nobody sees a page that is served beyond this machine without its token."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scenarios.errors import BadInput
from scenarios.live.page import serve
from scenarios.live.token_gate import TokenGate

TOKEN = "a-token-of-this-test"


class Behind(BaseHTTPRequestHandler):
    """What is to be seen by those who come in."""

    def do_GET(self):
        body = f"seen {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def gate():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    door = TokenGate("127.0.0.1", 0, server.server_address[1], TOKEN)
    yield door
    door.close()
    server.shutdown()


def ask(gate, path="/", cookie=None):
    connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=10)
    connection.request("GET", path, headers={} if cookie is None else {"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/", None),
        ("/?token=", None),
        ("/?token=wrong", None),
        ("/", "draisine=wrong"),
        ("/", f"other={TOKEN}"),
        (f"/?other={TOKEN}", None),
    ],
)
def test_without_the_token_nobody_comes_in(gate, path, cookie):
    answer, body = ask(gate, path, cookie)
    assert answer.status == 403
    assert b"seen" not in body


def test_with_the_token_in_the_address_one_gets_a_cookie_and_is_sent_on(gate):
    answer, _ = ask(gate, f"/?token={TOKEN}")
    assert answer.status == 302
    assert answer.getheader("Location") == "/"
    assert answer.getheader("Set-Cookie").startswith(f"draisine={TOKEN}; HttpOnly; SameSite=Strict")


def test_with_the_cookie_one_comes_in(gate):
    answer, body = ask(gate, "/some/where", f"first=1; draisine={TOKEN}")
    assert (answer.status, body) == (200, b"seen /some/where")


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n\r\n", b"GET\r\n\r\n", b"GET //[ HTTP/1.1\r\n\r\n", b"\xff\xfe" * 50 + b"\r\n\r\n", b"x" * 40000,
    ],
)  # fmt: skip
def test_nonsense_is_shut_out(gate, nonsense):
    import socket

    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as connection:
        connection.sendall(nonsense)
        connection.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while part := connection.recv(4096):
                got += part
        except ConnectionError:
            pass
        assert got == b"" or got.startswith(b"HTTP/1.1 403")


def test_an_address_that_is_none_gets_an_answer(gate):
    answer, _ = ask(gate, "//[")
    assert answer.status == 403


@pytest.mark.parametrize("token", ["", "a+b", "a;b", "a b", "a&b", "ä"])
def test_a_token_that_cannot_stand_in_an_address_is_refused(token):
    ride: Any = None  # which is not come to
    with pytest.raises(BadInput, match=r"--token .*: write letters, digits, - and _ alone"):
        serve(ride, "127.0.0.1", 0, token)
