"""Settings: the environment goes before the file, and nothing is misread quietly."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from trunkline.settings import DEFAULT_FOLDER, Settings


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no settings from outside of the test."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TRUNKLINE_{name.upper()}", raising=False)


def test_without_any_setting_it_serves_this_machine_only() -> None:
    settings = Settings()
    assert settings.data == DEFAULT_FOLDER
    assert (settings.host, settings.port) == ("127.0.0.1", 8787)
    assert settings.allow_hosts == ()


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("trunkline.toml").write_text('port = 9000\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("TRUNKLINE_PORT", "9001")
    settings = Settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)  # noqa: S104 - read, not bound
    assert Settings(port=9002).port == 9002


def test_hosts_are_a_list_in_the_file_and_a_line_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("trunkline.toml").write_text('allow_hosts = ["10.0.0.1", "intranet"]\n')
    assert Settings().allow_hosts == ("10.0.0.1", "intranet")
    monkeypatch.setenv("TRUNKLINE_ALLOW_HOSTS", " 10.0.0.2, intranet ,, ")
    assert Settings().allow_hosts == ("10.0.0.2", "intranet")


def test_a_setting_that_does_not_exist_is_an_error_in_the_file() -> None:
    Path("trunkline.toml").write_text("prot = 9000\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "-1"),
        ("port", "65536"),
        ("port", "http"),
        ("slots", "0"),
        ("largest_body", "0"),
        ("header_seconds", "0"),
        ("body_seconds", "-1"),
        ("body_seconds", "nan"),
        ("hook_rate", "0"),
        ("hook_rate", "inf"),
        ("grace_seconds", "-1"),
        ("log_level", "loud"),
    ],
)
def test_a_value_that_cannot_work_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TRUNKLINE_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNKLINE_KEY", "a-canary")
    settings = Settings()
    assert "a-canary" not in repr(settings)
    assert "a-canary" not in settings.model_dump_json()
