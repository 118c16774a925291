"""From a view to an answer: a page, the one region of it that htmx asked for, or an apology."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import loader
from django.template.backends.utils import csrf_input
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hpf.channels.rules import Standing, refusal_of, stopping
from hpf.faces.web.reference import reference_of
from hpf.faces.web.shapes.errors import ErrorPage
from hpf.faces.web.shapes.frame import Frame
from hpf.kernel import Channel, Refusal, Refused

LARGE_PRINT_COOKIE = "large"
_HOUR = 3600
_YEAR = 365 * 24 * 3600
_NOT_FOUND = 404

_APOLOGIES: dict[int, tuple[str, str, str]] = {
    400: ("请求不完整", "浏览器送来的内容我们读不懂，没有办理任何业务。", "请返回上一页，刷新后重新操作。"),
    403: (
        "不能打开这个页面",
        "您的账号没有这项权限，或者页面停留过久、已经失效。没有办理任何业务。",
        "请返回首页，需要时重新登录。",
    ),
    404: ("没有找到这个页面", "地址可能写错了，或者这笔业务不属于贵单位。", "请从首页或菜单重新进入。"),
    405: (
        "这一页不能直接打开",
        "这个地址只接收页面上提交的内容，没有办理任何业务。",
        "请从首页或菜单重新进入；登录已超时的，先重新登录。",
    ),
    429: ("操作过于频繁", "短时间内请求过多，您刚才的操作没有办理，账号没有被锁定。", "请稍候再试。"),
    500: (
        "抱歉，我们这里出了问题",
        "这一步没有办成，已经办好的业务不受影响。问题已记录，我们会查。",
        "请稍后再试一次。",
    ),
    503: (
        "抱歉，网厅暂时不能办理",
        "系统正忙或正在维护，刚才提交的内容不一定已经办理。",
        "请几分钟后先查看是否已经办理，没有办理的再提交；在同一页面重复提交，只办理一次。",
    ),
}


def page(request: HttpRequest, template: str, shape: object, *, status: int = 200) -> HttpResponse:
    """Render a template with its shape (``page``) inside the request's frame.

    When htmx asks for a region (``HX-Target: roster-rows``) and the template has a block of that name, ``roster_rows``,
    only that block is rendered: by the same template from the same shape, so a swap equals a fresh load.
    """
    found: Any = loader.get_template(template)
    region = _region(request, found.template.blocks)
    token = SimpleLazyObject(partial(csrf_input, request))  # one for all forms of the page; none where there is no form
    context = {"page": shape, "frame": frame_of(request), "region": region, "csrf_input": token, "shut": _shut(request)}
    response = HttpResponse(found.render(context), status=status)
    response.refusals = tuple(getattr(shape, "refusals", ()))  # type: ignore[attr-defined]  # the door notes some
    response.headers["Vary"] = "Cookie, HX-Request, HX-Target"
    return response


def refused_page(request: HttpRequest, template: str, shape: object) -> HttpResponse:
    """The form again, with every refusal on it: status 422. The shape carries ``refusals``."""
    return page(request, template, shape, status=422)


def refused_response(request: HttpRequest, refused: Refused, *, back: str = "/") -> HttpResponse:
    """A page of its own for the refusals of an act that has no form to return to: status 422."""
    shape = ErrorPage("这项业务现在不能办理", "", "", reference_of(request), back, refused.refusals)
    return page(request, "errors/422.html", shape, status=422)


def stopped(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Somebody may not do this any more until somebody else lets him: status 403, with who can help."""
    shape = ErrorPage("现在不能查询", "", "", reference_of(request), _home(request), (refusal,))
    return page(request, "errors/422.html", shape, status=403)


def apology(request: HttpRequest, status: int, back: str = "") -> HttpResponse:
    """An error page with the request's reference number. Asks no database."""
    title, what, remedy = _words(request, status)
    shape = ErrorPage(title, what, remedy, reference_of(request), back or _home(request))
    return page(request, f"errors/{status}.html", shape, status=status)


def _words(request: HttpRequest, status: int) -> tuple[str, str, str]:
    """What an error is called; what is an employer's or not is said to its handler alone."""
    title, what, remedy = _APOLOGIES[status]
    if status == _NOT_FOUND and frame_of(request).handler is None:
        what = "地址可能写错了，或者这一页已经不在了。"
    return title, what, remedy


def _home(request: HttpRequest) -> str:
    return reverse("counter:home") if frame_of(request).staff else "/"


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """An address was asked more often than its budget allows; says when another request will do."""
    title, what, _ = _APOLOGIES[429]
    shape = ErrorPage(title, what, f"请{wait}秒后再试。", reference_of(request), _home(request))
    response = page(request, "errors/429.html", shape, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def too_large(request: HttpRequest, most: int, *, takes_files: bool) -> HttpResponse:
    """What was sent is more than the address takes at once, in bytes: status 413. Nobody has read it."""
    remedy = "请返回上一页，分几次上传；太大的扫描件，请降低分辨率后重新扫描。"
    if not takes_files:
        remedy = "请返回上一页，减少内容后再提交。要上传文件的，请先登录，在上传的页面选择文件。"
    size = f"{most >> 20}MB" if most >> 20 else f"{most >> 10}KB"
    shape = ErrorPage(
        "提交的内容太大，没有收下",
        f"这里一次最多提交{size}，几个文件合在一起计算。没有办理任何业务，已经保存的不受影响。",
        remedy,
        reference_of(request),
        own_address(request, request.headers.get("Referer", "")),
    )
    return page(request, "errors/413.html", shape, status=413)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """``handler400``."""
    return apology(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """``handler403``."""
    return apology(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """``CSRF_FAILURE_VIEW``."""
    return apology(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """``handler404``."""
    return apology(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    return apology(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer in time, or the hall is closed for maintenance."""
    response = apology(request, 503)
    response.headers["Retry-After"] = "60"
    return response


def closed(request: HttpRequest, closure: Standing, now: datetime) -> HttpResponse:
    """What was sent cannot be taken: this is closed until a time (503 with Retry-After)."""
    refusal = refusal_of(closure)
    shape = ErrorPage(
        refusal.what,
        "您刚才的操作没有办理，已经办好的业务不受影响。现在可以查询。",
        "请到时再办。",
        reference_of(request),
        "/" if frame_of(request).staff is None else reverse("counter:home"),
        (refusal,),
    )
    response = page(request, "errors/closed.html", shape, status=503)
    seconds = (closure.ends_at - now).total_seconds() if closure.ends_at else _HOUR
    response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def withheld(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What was sent cannot be taken: it is withheld from the employer for breach (403)."""
    shape = ErrorPage(
        refusal.what,
        "您刚才的操作没有办理，已经办好的业务不受影响。",
        "",
        reference_of(request),
        reverse("portal:restriction"),
        (refusal,),
    )
    return page(request, "errors/withheld.html", shape, status=403)


@require_POST
def print_size(request: HttpRequest) -> HttpResponse:
    """Large or ordinary print, kept in a cookie of this browser. Comes back to the page it was chosen on."""
    response = HttpResponseRedirect(own_address(request, request.POST.get("here", "")))
    if request.POST.get("large"):
        response.set_cookie(LARGE_PRINT_COOKIE, "1", max_age=_YEAR, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(LARGE_PRINT_COOKIE)
    return response


def own_address(request: HttpRequest, wanted: str, otherwise: str = "/") -> str:
    """An address that a browser asks to be sent to, if it is one of this hall; ``otherwise`` if it is not."""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise


def frame_of(request: HttpRequest) -> Frame:
    """The frame that the door put on the request; a bare one for a request that failed before it reached a door."""
    frame: Frame | None = getattr(request, "frame", None)
    return frame or Frame(large=bool(request.COOKIES.get(LARGE_PRINT_COOKIE)))


def _shut(request: HttpRequest) -> Callable[[str], tuple[bool, Refusal | None]]:
    """Whether what a form sends cannot be taken now, though its page is open: its function is closed. The reason comes
    with the first such form of a page. Where the page itself is closed, all of it is greyed already."""
    frame, told = frame_of(request), set[Standing]()

    def shut(action: str) -> tuple[bool, Refusal | None]:
        if frame.closed or not frame.closures:
            return False, None
        door = resolve(urlsplit(action).path, settings.ROOT_URLCONF).func
        function, who = getattr(door, "function", ""), getattr(door, "who", None)
        if not function or who is None:
            return False, None
        closure = stopping(frame.closures, Channel(who.side), function, request.visit.moment)  # type: ignore[attr-defined]
        if closure is None or closure in told:
            return closure is not None, None
        told.add(closure)
        return True, refusal_of(closure)

    return shut


def _region(request: HttpRequest, blocks: dict[str, Any]) -> str | None:
    if request.headers.get("HX-Request") != "true":
        return None
    name = request.headers.get("HX-Target", "").replace("-", "_")
    return name if name in blocks else None
