"""Windows: literal days, both clock changes, and the laws that hold in any zone."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from govcheck.actions.calendar import Closed, Dates, Hours, Open, Window, is_open, next_opening, until
from govcheck.actions.calendar_text import parse_date, parse_days, parse_time, timezone_problem
from govcheck.errors import UsageError

ZONES = (
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kolkata",
    "UTC",
)
WEEK = frozenset(range(7))


def hours(days="mon-sun", start="00:00", end="24:00", *, dates=(), reason=""):
    begin, finish = parse_time(start), parse_time(end, end=True)
    return Hours(
        days=parse_days(days) if days else frozenset(),
        dates=frozenset(map(date.fromisoformat, dates)),
        start=begin,
        end=finish if finish > begin else finish + 1440,
        text=f"{days} {start} to {end}",
        reason=reason,
    )


def freeze(first, last, reason=""):
    return Dates(
        first=date.fromisoformat(first), last=date.fromisoformat(last), text=f"{first} to {last}", reason=reason
    )


def at(written, zone="America/Los_Angeles"):
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))


BUSINESS = Window(
    timezone="America/Los_Angeles",
    allow=(hours("mon-fri", "09:00", "17:00"),),
    deny=(freeze("2026-12-22", "2027-01-05", "holiday freeze"),),
)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-23T08:59:59", Closed("outside mon-fri 09:00 to 17:00", at("2026-11-23T09:00"))),
        ("2026-11-23T09:00", Open(at("2026-11-23T17:00"))),
        ("2026-11-23T16:59:59", Open(at("2026-11-23T17:00"))),
        ("2026-11-23T17:00", Closed("outside mon-fri 09:00 to 17:00", at("2026-11-24T09:00"))),
        ("2026-11-27T17:00", Closed("outside mon-fri 09:00 to 17:00", at("2026-11-30T09:00"))),
        ("2026-12-21T10:00", Open(at("2026-12-21T17:00"))),
        ("2026-12-22T10:00", Closed("holiday freeze (2026-12-22 to 2027-01-05)", at("2027-01-06T09:00"))),
        ("2027-01-05T23:59:59", Closed("holiday freeze (2026-12-22 to 2027-01-05)", at("2027-01-06T09:00"))),
    ],
)
def test_business_hours_with_a_holiday_freeze(instant, expected):
    assert is_open(BUSINESS, at(instant)) == expected


@pytest.mark.parametrize(
    ("instant", "is_it"),
    [
        ("2026-11-27T20:59:59", False),  # Friday
        ("2026-11-27T21:00", True),
        ("2026-11-28T00:49", True),  # Saturday, still Friday's window
        ("2026-11-28T05:00", False),
        ("2026-11-30T00:49", False),  # Monday: Sunday opened nothing
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_start_on(instant, is_it):
    window = Window(timezone="America/Los_Angeles", allow=(hours("fri", "21:00", "05:00"),))
    assert isinstance(is_open(window, at(instant)), Open) is is_it


def test_days_wrap_around_the_week():
    assert parse_days("fri-mon") == {4, 5, 6, 0}
    assert parse_days("mon,wed") == {0, 2}
    assert parse_days(("mon-tue", "sun")) == {0, 1, 6}
    assert parse_days("mon-sun") == WEEK
    assert parse_days("wed-wed") == {2}


def test_weekly_deny_and_single_dates():
    window = Window(
        timezone="Europe/London",
        allow=(hours("mon-fri", "09:00", "17:00"), hours("", "10:00", "12:00", dates=["2026-11-28"])),
        deny=(hours("fri", "12:00", "24:00", reason="no Friday afternoons"), hours("", dates=["2026-12-25"])),
    )
    friday = at("2026-11-27T12:00", "Europe/London")
    saturday = at("2026-11-28T10:00", "Europe/London")
    assert is_open(window, friday) == Closed("no Friday afternoons (fri 12:00 to 24:00)", saturday)
    assert is_open(window, saturday) == Open(at("2026-11-28T12:00", "Europe/London"))
    assert isinstance(is_open(window, at("2026-12-25T10:00", "Europe/London")), Closed)


def test_without_allow_everything_is_open_but_deny():
    window = Window(timezone="UTC", deny=(freeze("2026-12-24", "2026-12-26"),))
    assert is_open(window, at("2026-12-23T05:00", "UTC")) == Open(at("2026-12-24T00:00", "UTC"))
    assert is_open(window, at("2026-12-25T05:00", "UTC")) == Closed(
        "denied: 2026-12-24 to 2026-12-26", at("2026-12-27T00:00", "UTC")
    )
    assert is_open(window, at("2027-06-01T00:00", "UTC")) == Open(None)


def test_hours_of_all_days_have_no_seam_at_midnight_and_no_end():
    window = Window(timezone="America/Havana", allow=(hours(),))
    assert is_open(window, at("2026-10-31T12:00", "America/Havana")) == Open(None)
    assert until(window, at("2026-10-31T12:00", "America/Havana")) is None


def test_no_opening_in_sight():
    window = Window(timezone="UTC", allow=(hours(),), deny=(freeze("2026-01-01", "9999-12-31", "for good"),))
    assert is_open(window, at("2026-06-01T00:00", "UTC")) == Closed("for good (2026-01-01 to 9999-12-31)", None)
    assert next_opening(window, at("2026-06-01T00:00", "UTC")) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("01:00", "04:00", ("2026-03-08T09:00+00:00", "2026-03-08T11:00+00:00")),  # two real hours
        ("02:30", "04:00", ("2026-03-08T10:00+00:00", "2026-03-08T11:00+00:00")),  # 02:30 is not there: at the change
        ("01:00", "02:30", ("2026-03-08T09:00+00:00", "2026-03-08T10:00+00:00")),
        ("02:10", "02:40", None),
    ],
)
def test_the_hour_that_spring_skips(start, end, expected):
    window = Window(timezone="America/Los_Angeles", allow=(hours("", start, end, dates=["2026-03-08"]),))
    opening = next_opening(window, at("2026-03-08T00:00"))
    if expected is None:
        assert opening is None
    else:
        assert (opening, until(window, opening)) == tuple(map(datetime.fromisoformat, expected))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("00:30", "03:00", ("2026-11-01T07:30+00:00", "2026-11-01T11:00+00:00")),  # three and a half real hours
        ("01:30", "03:00", ("2026-11-01T09:30+00:00", "2026-11-01T11:00+00:00")),  # opens at the second 01:30
        ("00:30", "01:30", ("2026-11-01T07:30+00:00", "2026-11-01T08:30+00:00")),  # closes at the first 01:30
        ("01:10", "01:40", None),
    ],
)
def test_the_hour_that_autumn_repeats_opens_late_and_closes_early(start, end, expected):
    window = Window(timezone="America/Los_Angeles", allow=(hours("", start, end, dates=["2026-11-01"]),))
    opening = next_opening(window, at("2026-11-01T00:00"))
    if expected is None:
        assert opening is None
    else:
        assert (opening, until(window, opening)) == tuple(map(datetime.fromisoformat, expected))


def test_the_repeated_hour_is_denied_from_its_first_start_to_its_second_end():
    window = Window(timezone="America/Los_Angeles", deny=(hours("", "01:30", "01:40", dates=["2026-11-01"]),))
    closing = until(window, at("2026-11-01T00:00"))
    assert closing == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert next_opening(window, closing) == datetime(2026, 11, 1, 9, 40, tzinfo=UTC)


def test_a_day_that_a_zone_skips():
    window = Window(timezone="Pacific/Apia", allow=(hours("fri", "09:00", "17:00"),))
    assert next_opening(window, at("2011-12-29T12:00", "Pacific/Apia")) == at("2012-01-06T09:00", "Pacific/Apia")
    every_day = Window(timezone="Pacific/Apia", allow=(hours(),))
    assert is_open(every_day, at("2011-12-29T12:00", "Pacific/Apia")) == Open(None)


def test_instants_that_cannot_be_judged():
    with pytest.raises(ValueError, match="needs a time zone"):
        is_open(BUSINESS, datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    for year in (1, 1970, 9999):
        with pytest.raises(UsageError, match="outside the years"):
            is_open(BUSINESS, datetime(year, 6, 1, tzinfo=UTC))


minutes = st.integers(0, 1439)
spans = st.builds(
    lambda days, start, length: Hours(days=frozenset(days), start=start, end=start + length, text="some hours"),
    st.sets(st.integers(0, 6), min_size=1),
    minutes,
    st.integers(1, 1440),
)
around_changes = st.sampled_from(
    [date(2026, 3, 8), date(2026, 11, 1), date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2011, 12, 30)]
)
days = st.one_of(
    st.builds(lambda day, shift: day + timedelta(days=shift), around_changes, st.integers(-4, 4)),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
freezes = st.builds(
    lambda first, length: Dates(first=first, last=first + timedelta(days=length), text="some days"),
    days,
    st.integers(0, 9),
)
windows = st.builds(
    lambda zone, allow, deny: Window(timezone=zone, allow=tuple(allow), deny=tuple(deny)),
    st.sampled_from(ZONES),
    st.lists(spans, max_size=3),
    st.lists(st.one_of(spans, freezes), max_size=2),
)
instants = st.builds(
    lambda day, second: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second),
    days,
    st.one_of(st.integers(0, 86_399), minutes.map(lambda minute: minute * 60)),
)


@given(windows, instants, st.sampled_from(ZONES))
def test_an_instant_is_judged_alike_in_whatever_zone_it_is_written(window, instant, zone):
    assert is_open(window, instant) == is_open(window, instant.astimezone(ZoneInfo(zone)))


@given(windows, instants)
def test_what_is_promised_comes_true(window, instant):
    moment = timedelta(microseconds=1)
    answer = is_open(window, instant)
    if isinstance(answer, Open):
        assert next_opening(window, instant) == instant
        if answer.until is not None:
            assert answer.until > instant
            assert isinstance(is_open(window, answer.until - moment), Open)
            assert isinstance(is_open(window, answer.until), Closed)
    elif answer.next_open is not None:
        assert answer.next_open > instant
        assert isinstance(is_open(window, answer.next_open), Open)
        assert isinstance(is_open(window, answer.next_open - moment), Closed)


@given(windows, instants)
def test_it_is_never_open_on_a_denied_day_nor_outside_the_hours_that_the_clock_shows(window, instant):
    if isinstance(is_open(window, instant), Closed):
        return
    local = instant.astimezone(ZoneInfo(window.timezone)).replace(tzinfo=None)
    for denial in window.deny:
        shown = denial.first <= local.date() <= denial.last if isinstance(denial, Dates) else _shows(denial, local)
        assert not shown
    assert not window.allow or any(_shows(allowed, local) for allowed in window.allow)


def _shows(allowed, local):
    """Whether a wall clock shows a time within these hours: the naive reading, which knows no clock change."""
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        minute = (local - datetime.combine(day, datetime.min.time())).total_seconds() / 60
        if allowed.starts_on(day) and allowed.start <= minute < allowed.end:
            return True
    return False


@given(windows, instants)
def test_away_from_clock_changes_it_is_open_exactly_when_the_clock_says_so(window, instant):
    zone = ZoneInfo(window.timezone)
    offsets = {(instant + timedelta(days=shift)).astimezone(zone).utcoffset() for shift in range(-3, 4)}
    assume(len(offsets) == 1)
    local = instant.astimezone(zone).replace(tzinfo=None)
    denied = any(
        denial.first <= local.date() <= denial.last if isinstance(denial, Dates) else _shows(denial, local)
        for denial in window.deny
    )
    allowed = not window.allow or any(_shows(allowed, local) for allowed in window.allow)
    assert isinstance(is_open(window, instant), Open) is (allowed and not denied)


@settings(max_examples=30)
@given(st.sampled_from(ZONES), st.sets(st.integers(0, 6), min_size=1), minutes, st.integers(1, 1440))
def test_open_seconds_of_a_week_without_a_clock_change(zone, weekdays, start, length):
    window = Window(
        timezone=zone,
        allow=(Hours(days=frozenset(weekdays), start=start, end=start + length, text="some hours"),),
    )
    begin = datetime(2026, 6, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(minutes=start)
    assert _open_seconds(window, begin, begin + timedelta(days=7)) == len(weekdays) * length * 60


def _open_seconds(window, now, end):
    total = timedelta()
    while now < end:
        opening = next_opening(window, now)
        if opening is None or opening >= end:
            break
        now = min(until(window, opening) or end, end)
        total += now - opening
    return total.total_seconds()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("PT", "write America/Los_Angeles"),
        ("pst", "write America/Los_Angeles"),
        ("PST8PDT", "write America/Los_Angeles"),
        ("EST", "write America/New_York"),
        ("Pacific Time", "write America/Los_Angeles"),
        ("CET", "write Europe/Berlin"),
        ("Japan", "write Asia/Tokyo"),
        ("GMT", "write UTC"),
        ("Etc/UTC", "write UTC"),
        ("UTC-8", "knows no daylight saving time"),
        ("+05:30", "knows no daylight saving time"),
        ("Etc/GMT+8", "knows no daylight saving time"),
        ("america/los_angeles", "did you mean America/Los_Angeles?"),
        ("Los Angeles", "did you mean America/Los_Angeles?"),
        ("Europe/Londn", "did you mean Europe/London?"),
        ("../../etc/passwd", "not an IANA time zone"),
        ("", "not an IANA time zone"),
        ("\0", "not an IANA time zone"),
    ],
)
def test_time_zones_that_name_no_place_are_refused_with_what_to_write(written, says):
    assert says in timezone_problem(written)


@pytest.mark.parametrize("written", ["UTC", "America/Los_Angeles", "America/Argentina/Buenos_Aires", "Asia/Kolkata"])
def test_time_zones_that_name_a_place(written):
    assert timezone_problem(written) is None


@pytest.mark.parametrize(
    ("read", "written", "says"),
    [
        (parse_days, "Monday", "did you mean mon?"),
        (parse_days, "mon-", "no day of the week"),
        (parse_days, "", "no day of the week"),
        (parse_days, (), "no day"),
        (parse_days, "weekdays", "or a range as in mon-fri"),
        (parse_time, "9:00", "did you mean 09:00?"),
        (parse_time, "5pm", "did you mean 17:00?"),
        (parse_time, "24:00", "00:00 to 23:59"),
        (parse_time, "12:60", "is not a time of day"),
        (parse_time, "\uff11\uff12:00", "is not a time of day"),
        (parse_date, "2026-02-30", "not in the calendar"),
        (parse_date, "20261222", "write YYYY-MM-DD"),
        (parse_date, "2026-W01-1", "write YYYY-MM-DD"),
        (parse_date, "0001-01-01", "before 1971-01-01"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_legal(read, written, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        read(written)


def test_the_end_of_a_day_is_a_legal_end():
    assert parse_time("24:00", end=True) == 1440
