//! Times as text (RFC 3339).

/// Milliseconds since 1970 as a time in UTC, without a fraction where there is none, as Hanko writes times.
///
/// The days' arithmetic is Howard Hinnant's `civil_from_days`; the range of `registered::time` keeps every step far from overflow.
pub fn utc(milliseconds: i64) -> String {
    let (seconds, fraction) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days.wrapping_add(719_468);
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let leaps = doe.div_euclid(1460).wrapping_sub(doe.div_euclid(36_524)).wrapping_add(doe.div_euclid(146_096));
    let yoe = doe.wrapping_sub(leaps).div_euclid(365);
    let before = yoe.wrapping_mul(365).wrapping_add(yoe.div_euclid(4)).wrapping_sub(yoe.div_euclid(100));
    let doy = doe.wrapping_sub(before);
    let mp = doy.wrapping_mul(5).wrapping_add(2).div_euclid(153);
    let day = doy.wrapping_sub(mp.wrapping_mul(153).wrapping_add(2).div_euclid(5)).wrapping_add(1);
    let month = if mp < 10 { mp.wrapping_add(3) } else { mp.wrapping_sub(9) };
    let year = era.wrapping_mul(400).wrapping_add(yoe).wrapping_add(i64::from(month <= 2));
    let (hour, minute) = (second.div_euclid(3600), second.div_euclid(60));
    let [y3, y2, y1, y0] = [year.div_euclid(1000), year.div_euclid(100), year.div_euclid(10), year].map(digit);
    let [[mo1, mo0], [d1, d0], [h1, h0], [mi1, mi0], [s1, s0]] =
        [month, day, hour, minute.rem_euclid(60), second.rem_euclid(60)]
            .map(|two| [digit(two.div_euclid(10)), digit(two)]);
    let text = [y3, y2, y1, y0, b'-', mo1, mo0, b'-', d1, d0, b'T', h1, h0, b':', mi1, mi0, b':', s1, s0];
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if fraction > 0 {
        let [f2, f1, f0] = [fraction.div_euclid(100), fraction.div_euclid(10), fraction].map(digit);
        text.extend([b'.', f2, f1, f0].map(char::from));
        text.truncate(text.trim_end_matches('0').len());
    }
    text.push('Z');
    text
}

/// The last decimal digit of a number that is not negative.
fn digit(number: i64) -> u8 {
    u8::try_from(number.rem_euclid(10)).unwrap_or_default().wrapping_add(b'0')
}
