"""What a center's file of gateways may say."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.environment import Environment, Unready
from hpf.notices.settings import (
    CloudGateway,
    GatewayKind,
    HttpGateway,
    NoticesSettings,
    SmppGateway,
    UnreadableSettings,
)
from tests.unit.config.test_environment import PRODUCTION

HTTP = """
[sms]
gateway = "http"
signature = "乐山公积金"
url = "https://sms.example/send"
accepted = { path = "code", value = "0" }
signing = { secret = "s3cret" }
[sms.json]
phone = "{mobile}"
"""


def faults(text: str, *, production: bool = True) -> tuple[str, ...]:
    with pytest.raises(UnreadableSettings) as unreadable:
        NoticesSettings.read(text, production=production)
    return unreadable.value.lines


def test_without_a_file_messages_stay_in_the_outbox() -> None:
    assert NoticesSettings() == NoticesSettings.read("", production=True)
    assert NoticesSettings().kind is GatewayKind.NONE


def test_an_http_gateway_is_read() -> None:
    settings = NoticesSettings.read(HTTP, production=True)
    assert isinstance(settings.gateway, HttpGateway)
    assert settings.signature == "乐山公积金"
    assert settings.gateway.accepted == ("code", "0")
    assert settings.gateway.signing is not None


def test_the_other_gateways_are_read() -> None:
    cloud = '[sms]\nkey_id = "a"\nkey_secret = "b"\napp_id = "1400"\ntemplates = { login-code = "SMS_1" }\n'
    for kind in ("aliyun", "tencent"):
        settings = NoticesSettings.read(cloud + f'gateway = "{kind}"', production=True)
        assert isinstance(settings.gateway, CloudGateway)
    smpp = '[sms]\ngateway = "smpp"\nhost = "10.0.0.1"\nsystem_id = "hall"\npassword = "p"\nsource = "12329"\n'
    assert isinstance(NoticesSettings.read(smpp, production=True).gateway, SmppGateway)


def test_everything_wrong_is_said_at_once_with_its_place() -> None:
    lines = faults(
        '[sms]\ngateway = "http"\nurl = "http://sms.example"\ntimeout_seconds = 90\ncolour = "red"\n[mail2]\n'
    )
    places = {line.split(" ")[0] for line in lines}
    assert places == {"sms.url", "sms.timeout_seconds", "sms.colour", "mail2"}


@pytest.mark.parametrize(
    "text",
    [
        '[sms]\ngateway = "pigeon"',
        '[sms]\ngateway = "http"',
        '[sms]\ngateway = "tencent"\nkey_id = "a"\nkey_secret = "b"\ntemplates = { login-code = "1" }',
        '[sms]\ngateway = "aliyun"\nkey_id = "a"\nkey_secret = "b"',
        '[sms]\ngateway = "http"\nurl = "https://x"\nmethod = "GET"\n[sms.json]\na = "{text}"',
        '[sms]\nsignature = "【公积金】"',
        '[mail]\nhost = "m"',
        '[mail]\nhost = "m"\nsender = "a@b"\ntls = "none"',
        "sms = 3",
        "not toml at all",
    ],
)
def test_what_cannot_work_is_refused(text: str) -> None:
    assert faults(text)


def test_production_speaks_https_alone() -> None:
    text = HTTP.replace("https://", "http://")
    assert [line.split(" ")[0] for line in faults(text)] == ["sms.url"]
    assert NoticesSettings.read(text, production=False)


def test_the_file_is_named_by_the_environment_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "notices.toml"
    file.write_text(HTTP, encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(Unready) as unready:
        Environment.read({**PRODUCTION, "HPF_NOTICES": str(file)})
    assert "chmod 600" in unready.value.lines[0]
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert Environment.read({**PRODUCTION, "HPF_NOTICES": str(file)}).notices.kind is GatewayKind.HTTP


def test_a_file_that_is_not_there_or_not_right_keeps_the_hall_from_starting(tmp_path: Path) -> None:
    file = tmp_path / "notices.toml"
    for content in (None, "[sms]\ngateway = 1"):
        if content:
            file.write_text(content)
        with pytest.raises(Unready) as unready:
            Environment.read({"HPF_DATA": str(tmp_path), "HPF_NOTICES": str(file)})
        assert unready.value.lines[0].startswith("HPF_NOTICES")


def test_receipts_are_pushed_under_a_long_secret_to_a_gateway_that_names_its_messages() -> None:
    pushed = '[sms.receipts]\nsecret = "{}"\nid_path = "id"\nstate_path = "status"\ndelivered = "DELIVRD"\n'
    short = faults(HTTP + pushed.format("short"))
    assert [line.split(" ")[0] for line in short] == ["sms.receipts.secret", "sms.id_path"]
    settings = NoticesSettings.read(
        HTTP.replace("accepted", 'id_path = "id"\naccepted') + pushed.format("x" * 16), production=True
    )
    assert isinstance(settings.gateway, HttpGateway)
    assert settings.gateway.receipts is not None
    assert settings.gateway.receipts.signing.algorithm == "sha256"
