"""Which addresses are of the public internet."""

import pytest

from net.addresses import Refused, is_public, origin

PRIVATE = (
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1 192.0.0.8 "
    "192.0.2.1 192.168.1.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 "
    ":: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe "
    "64:ff9b:1::808:808 100::1 2001:db8::1 2002:7f00:1:: 2001:0:53aa:64c:0:0:80ff:fffe "
    "fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1"
).split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.215.14 2606:4700:4700::1111 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str):
    assert is_public(address)


def test_an_origin_names_its_port():
    assert origin("https://Example.com/a?b") == "https://example.com:443"
    assert origin("http://example.com:8000/") == "http://example.com:8000"


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://a.example/x", "//a.example", "http://", "http://[::1"]
)
def test_no_web_address_has_no_origin(url: str):
    with pytest.raises(Refused, match="isn't an? (web )?address"):
        origin(url)


@pytest.mark.parametrize("url", ["http://a.example:99999/", "http://a.example:x/"])
def test_no_port(url: str):
    with pytest.raises(Refused, match="isn't a web address"):
        origin(url)
