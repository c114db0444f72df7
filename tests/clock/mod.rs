//! RFC 3339 to milliseconds since 1970, the opposite of what the core writes, day by day and so without its arithmetic.

/// Milliseconds of a UTC time like `2026-11-21T05:32:25.853Z`, from 1970 on.
pub(crate) fn milliseconds(text: &str) -> i64 {
    let numbers: Vec<i64> = text
        .trim_end_matches('Z')
        .split(['-', 'T', ':', '.'])
        .map(|number| number.parse().unwrap_or_else(|_| panic!("no time: {text}")))
        .collect();
    let [year, month, day, hour, minute, second, ..] = numbers[..] else { panic!("no time: {text}") };
    let in_range = (1..=12).contains(&month) && (1..=days_of(month, year)).contains(&day) && hour < 24 && minute < 60;
    assert!(in_range && second < 60, "no time: {text}");
    let fraction = text.trim_end_matches('Z').split_once('.').map_or("", |(_, digits)| digits);
    let thousandths = fraction.bytes().chain(*b"000").take(3).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let days = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum::<i64>()
        + (1..month).map(|month| days_of(month, year)).sum::<i64>()
        + day
        - 1;
    (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + thousandths
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(month: i64, year: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}
