"""Dates: tokens, time zones, and clocks that are put forward and back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.errors import DataError

MOMENT = datetime(2018, 10, 1, 7, 32, 5, 678_912, tzinfo=UTC)
NEW_YEAR = datetime(2021, 1, 3, 0, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("YY YYYY Y", "18 2018 2018"),
        ("gg gggg GG GGGG", "18 2018 18 2018"),
        ("Q Qo", "4 4th"),
        ("M Mo MM MMM MMMM", "10 10th 10 Oct October"),
        ("D Do DD", "1 1st 01"),
        ("DDD DDDo DDDD", "274 274th 274"),
        ("d do dd ddd dddd E", "1 1st Mo Mon Monday 1"),
        ("w wo ww W Wo WW", "40 40th 40 40 40th 40"),
        ("H HH h hh k kk", "7 07 7 07 7 07"),
        ("A a", "AM am"),
        ("m mm s ss", "32 32 5 05"),
        ("S SS SSS SSSS SSSSSSSSS", "6 67 678 6789 678912000"),
        ("Z ZZ", "+00:00 +0000"),
        ("X x", "1538379125 1538379125678"),
        ("[YYYY] [at] YYYY, é/-", "YYYY at 2018, é/-"),
        ("", ""),
    ],
)
def test_each_token_writes_its_part(
    evaluate: Callable[..., object], tokens: str, text: str
) -> None:
    template = "{{formatDate(1.d; 1.tokens)}}"

    assert evaluate(template, {"d": MOMENT, "tokens": tokens}) == text


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("k kk H h hh A", "24 24 0 12 12 AM"),
        ("GGGG-[W]WW-E", "2020-W53-7"),
        ("gggg w", "2021 2"),
        ("d do E", "0 0th 7"),
        ("Do DDDD", "3rd 003"),
    ],
)
def test_tokens_at_the_turn_of_the_year(
    evaluate: Callable[..., object], tokens: str, text: str
) -> None:
    template = "{{formatDate(1.d; 1.tokens)}}"

    assert evaluate(template, {"d": NEW_YEAR, "tokens": tokens}) == text


def test_a_date_is_written_in_iso_form_with_the_offset_unless_told_otherwise(
    evaluate: Callable[..., object],
) -> None:
    written = evaluate("{{formatDate(1.d)}}", {"d": MOMENT}, timezone="Europe/Prague")

    assert written == "2018-10-01T09:32:05.678+02:00"


@pytest.mark.parametrize(
    ("text", "tokens", "moment"),
    [
        ("68 69", "YY", "2068-01-01T00:00"),
        ("69", "YY", "1969-01-01T00:00"),
        ("Y2016", "[Y]Y", "2016-01-01T00:00"),
        ("2020-W53-7", "GGGG-[W]WW-E", "2021-01-03T00:00"),
        ("2018 4", "YYYY Q", "2018-10-01T00:00"),
        ("2018 274", "YYYY DDDD", "2018-10-01T00:00"),
        ("October 1st, 2018", "MMMM Do, YYYY", "2018-10-01T00:00"),
        ("Mon, 1 oct 2018", "ddd, D MMM YYYY", "2018-10-01T00:00"),
        ("12:30 am 1/2/2020", "h:mm a D/M/YYYY", "2020-02-01T00:30"),
        ("12:30 PM", "h:mm A", "2024-05-06T12:30"),
        ("24:00", "k:mm", "2024-05-07T00:00"),
        ("3", "D", "2024-05-03T00:00"),
        ("7 3", "M D", "2024-07-03T00:00"),
        ("2020.02.29", "YYYY-MM-DD", "2020-02-29T00:00"),
        ("20200229T1530", "YYYYMMDDTHHmm", "2020-02-29T15:30"),
        ("2020-02-29 and more", "YYYY-MM-DD", "2020-02-29T00:00"),
        ("10:00:01.25 -0330", "HH:mm:ss.SS ZZ", "2024-05-06T13:30:01.250"),
        ("10:00 Z", "HH:mm Z", "2024-05-06T10:00"),
    ],
)
def test_each_token_reads_its_part(
    evaluate: Callable[..., object], text: str, tokens: str, moment: str
) -> None:
    read = evaluate("{{parseDate(1.text; 1.tokens)}}", {"text": text, "tokens": tokens})

    assert read == datetime.fromisoformat(moment + "+00:00")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", "YYYY"),
        ("31.2.2020", "D.M.YYYY"),
        ("2020-13-01", "YYYY-MM-DD"),
        ("25:00", "HH:mm"),
        ("10:61", "HH:mm"),
        ("2019 366", "YYYY DDD"),
        ("2020", "[only text]"),
        ("Foo 2020", "MMM YYYY"),
        ("2020-W60", "GGGG-[W]WW"),
        ("0000-01-01", "YYYY-MM-DD"),
        ("9" * 2000, "x"),
    ],
)
def test_a_text_that_does_not_follow_the_format_is_a_data_error(
    evaluate: Callable[..., object], text: str, tokens: str
) -> None:
    with pytest.raises(DataError, match="date"):
        evaluate("{{parseDate(1.text; 1.tokens)}}", {"text": text, "tokens": tokens})


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('addDays("2024-03-30T11:00:00Z"; 1)', "2024-03-31T10:00:00.000Z"),
        ('addHours("2024-03-30T11:00:00Z"; 24)', "2024-03-31T11:00:00.000Z"),
        ('addMonths("2024-01-31"; 1)', "2024-02-28T23:00:00.000Z"),
        ('setHour("2024-03-30T23:30:00Z"; 2)', "2024-03-31T01:30:00.000Z"),
        (
            'parseDate("2024-10-27 02:30"; "YYYY-MM-DD HH:mm")',
            "2024-10-27T00:30:00.000Z",
        ),
        (
            'parseDate("2024-03-31 02:30"; "YYYY-MM-DD HH:mm")',
            "2024-03-31T01:30:00.000Z",
        ),
        ('startOfMonth("2024-04-15")', "2024-03-31T22:00:00.000Z"),
        ('endOfMonth("2024-10-15")', "2024-10-31T22:59:59.999Z"),
    ],
)
def test_dates_move_by_the_clock_on_the_wall(
    evaluate: Callable[..., object], expression: str, text: str
) -> None:
    template = "{{toString(" + expression + ")}}"

    assert evaluate(template, timezone="Europe/Prague") == text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('toString(addMinutes("2020-01-01"; "-1.5"))', "2019-12-31T23:58:30.000Z"),
        ('toString(addMonths("2020-01-15"; -13))', "2018-12-15T00:00:00.000Z"),
        ('toString(setMonth("2020-03-31"; "feb"))', "2020-02-29T00:00:00.000Z"),
        ('toString(setMonth("2020-03-31"; 0))', "2019-12-31T00:00:00.000Z"),
        ('toString(setYear("2020-02-29"; 2021))', "2021-02-28T00:00:00.000Z"),
        ('toString(setDay("2018-06-27"; "Saturday"))', "2018-06-30T00:00:00.000Z"),
        ('toString(addWeekDays("2024-05-03"; 1))', "2024-05-06T00:00:00.000Z"),
        ('toString(addWeekDays("2024-05-06"; -6))', "2024-04-26T00:00:00.000Z"),
        ('toString(dateMax("2020-01-01"; "2021-01-01"))', "2021-01-01T00:00:00.000Z"),
        ('toString(dateMin("2020-01-01"; "2021-01-01"))', "2020-01-01T00:00:00.000Z"),
        ('weekDayDiff("2024-05-03"; "2024-05-13")', 6),
        ('weekDayDiff("2024-05-13"; "2024-05-03")', -6),
        ('dateDiff("2020-01-02T12:00:00Z"; "2020-01-01"; "D")', 1.5),
        ('dateDiff("2020-01-02T12:00:00Z"; "2020-01-01"; "RD")', 2),
        ('dateDiff("2020-01-01T00:01:30Z"; "2020-01-01"; "s")', 90),
        ('dateDifference("2020-03-30"; "2020-01-31"; "months")', 1),
        ('dateDifference("2020-02-29"; "2020-01-31"; "months")', 1),
        ('dateDifference("2020-01-31"; "2020-03-31"; "months")', -2),
        ('dateDifference("2020-01-15"; "2020-01-01"; "weeks")', 2),
        ('daysInMonth("2024-02-10")', 29),
        ('daysInYear("2023-02-10")', 365),
        ('isWeekend("2024-05-04")', True),
        ('dayOfMonth("2024-05-04")', 4),
        ('year("2024-05-04") + "-" + month("2024-05-04")', "2024-5"),
        ('hour("2024-05-04 07:08:09") + minute("2024-05-04 07:08")', 15),
        ('second("2024-05-04 07:08:09")', 9),
    ],
)
def test_functions_over_dates(
    evaluate: Callable[..., object], expression: str, value: object
) -> None:
    assert evaluate("{{" + expression + "}}") == value


@pytest.mark.parametrize(
    "expression",
    [
        "formatDate(null)",
        'addDays("soon"; 1)',
        'addDays(now; "many")',
        'setDay(now; "someday")',
        'dateDiff("2020-01-01"; "2020-01-02"; "D")',
        'dateDiff(now; now; "years")',
        'dateDifference(now; now; "years")',
        "dateMax(emptyarray)",
        "formatDate(true)",
    ],
)
def test_what_is_no_date_is_a_data_error(
    evaluate: Callable[..., object], expression: str
) -> None:
    with pytest.raises(DataError, match="finished with an error"):
        evaluate("{{" + expression + "}}")


@pytest.mark.parametrize(
    "name", ["Nowhere/City", "", "../etc/passwd", "Europe", "x" * 999]
)
def test_an_unknown_time_zone_is_passed_over(
    evaluate: Callable[..., object], name: str
) -> None:
    bundle = {"d": MOMENT, "zone": name}

    assert evaluate('{{formatDate(1.d; "HH:mm"; 1.zone)}}', bundle) == "07:32"
    assert evaluate('{{formatDate(1.d; "HH:mm")}}', bundle, timezone=name) == "07:32"
