"""How a view answers: an act with the page that shows what came of it, a question with a page or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect

from hpf.evidence import Receipt
from hpf.faces.web import done
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import read_key
from hpf.kernel import Key, Refusal, Refused
from hpf.storage import reading

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def posted(
    request: HallRequest,
    operate: Callable[[Key], Receipt],
    then: Callable[[Receipt], str],
    otherwise: Callable[[Sequence[Refusal]], HttpResponse],
) -> HttpResponse:
    """Call one operation with the form's key: go to the page that shows what came of it, or say what speaks against it.

    ``otherwise`` renders the page again, inside a reading transaction; its answer becomes 422.
    """
    try:
        receipt = operate(read_key(request.POST))
    except Refused as refused:
        with reading(request.actor):
            response = otherwise(refused.refusals)
        response.status_code = 422
        return response
    return told(then(receipt), receipt)


def told(address: str, receipt: Receipt) -> HttpResponse:
    """To the page that shows what came of an act, and says above it what was done (`hpf.faces.web.done`)."""
    return see_other(done.address(address, receipt))


def see_other(address: str) -> HttpResponse:
    """303: look there, with GET."""
    return HttpResponseRedirect(address, status=303)


def file_response(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """A paper or a workbook under its Chinese name (RFC 6266); ``inline`` opens it in the browser."""
    response = HttpResponse(content, content_type=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    return response
