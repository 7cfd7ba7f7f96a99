"""`date`, `time`, `date-time` and `duration`: RFC 3339, section 5.6 and appendix A."""

from __future__ import annotations

import re

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
# Each unit may be followed by the next smaller one only; letters in ABNF have no case.
_DATE_PART = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_TIME_PART = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION = re.compile(
    f"P(?:{_DATE_PART}(?:{_TIME_PART})?|{_TIME_PART}|[0-9]+W)", re.ASCII | re.IGNORECASE
)

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MINUTES_OF_DAY = 24 * 60


def is_date(text: str) -> bool:
    """Whether `text` is a `full-date`; years are 0000 to 9999 of the Gregorian calendar."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    return 1 <= month <= 12 and 1 <= day <= _days_in(year, month)


def is_time(text: str) -> bool:
    """Whether `text` is a `full-time`; a leap second only in the last minute of a UTC day."""
    return _utc_shift(text) is not None


def is_date_time(text: str) -> bool:
    """Whether `text` is a `date-time`; a leap second only at the end of a month in UTC."""
    if text[10:11] not in ("T", "t"):
        return False
    date, time = text[:10], text[11:]
    if not is_date(date):
        return False
    shift = _utc_shift(time)
    if shift is None or time[6:8] != "60":
        return shift is not None
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:10])
    # In UTC it is the evening of the same day, of the day before, or of the day after.
    return day + shift == _days_in(year, month) or day + shift == 0


def is_duration(text: str) -> bool:
    """Whether `text` is a `duration`."""
    return _DURATION.fullmatch(text) is not None


def _days_in(year: int, month: int) -> int:
    if month == 2 and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)):
        return 28
    return _DAYS[month - 1]


def _utc_shift(text: str) -> int | None:
    """By how many days the UTC date of the time `text` differs; None if it is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(match[index]) for index in (1, 2, 3))
    offset_hour, offset_minute = int(match[5] or 0), int(match[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or offset_hour > 23 or offset_minute > 59:
        return None
    offset = offset_hour * 60 + offset_minute
    utc = hour * 60 + minute - (-offset if match[4] == "-" else offset)
    if second == 60 and utc % _MINUTES_OF_DAY != _MINUTES_OF_DAY - 1:
        return None
    return utc // _MINUTES_OF_DAY
