"""Pictures and papers as scanners make them, for the tests."""

from __future__ import annotations

import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(width: int = 8, height: int = 8, data: bytes = b"") -> bytes:
    """A grey picture; ``data`` instead of its own rows."""
    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 0, 0, 0, 0))
    rows = data or zlib.compress(bytes((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """The frame of a picture with a little data in it."""
    frame = b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x02\x12\x34\xff\xd9"


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects behind a catalog."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, one) for at, one in enumerate(objects, 2))
    catalog = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return b"%PDF-1.7\n" + catalog + body + b"trailer << " + trailer + b" >>\nstartxref\n9\n%%EOF\n"


def packed(table: bytes, ways: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object table (ObjStm), packed."""
    content = zlib.compress(table) if b"Flate" in ways else table
    return b"<< /Type /ObjStm /N 1 " + ways + b" >>\nstream\n" + content + b"\nendstream"
