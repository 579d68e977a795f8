//! Durations as Go reads them: `1h30m`, `1.5s`, `-0`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::digit0;
use nom::combinator::{all_consuming, map, opt, value};
use nom::multi::fold_many1;
use nom::{IResult, Parser};

/// The shortest interval of a health check, in nanoseconds.
const SHORTEST_INTERVAL: i64 = 1_000_000;

/// Why a text is no interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoInterval {
    /// It is no duration.
    NoDuration,
    /// It is less than 1 ms, and not 0.
    TooShort,
}

/// The interval of a health check that `text` is, in nanoseconds; 0, as empty text is, stands for the default.
pub(super) fn interval(text: &str) -> Result<i64, NoInterval> {
    if text.is_empty() {
        return Ok(0);
    }
    let nanoseconds = duration(text).ok_or(NoInterval::NoDuration)?;
    if nanoseconds != 0 && nanoseconds < SHORTEST_INTERVAL { Err(NoInterval::TooShort) } else { Ok(nanoseconds) }
}

/// The duration that `text` is, in nanoseconds.
fn duration(text: &str) -> Option<i64> {
    let (_, (negative, magnitude)) = all_consuming((sign, magnitude)).parse_complete(text).ok()?;
    let magnitude = magnitude?;
    if negative {
        // The most negative number has no positive of its own.
        return 0_i64.checked_sub_unsigned(magnitude);
    }
    i64::try_from(magnitude).ok()
}

fn sign(input: &str) -> IResult<&str, bool> {
    map(opt(alt((value(true, tag("-")), value(false, tag("+"))))), |negative| negative.unwrap_or(false))
        .parse_complete(input)
}

/// `0`, or numbers with units; nothing where they are too large.
fn magnitude(input: &str) -> IResult<&str, Option<u64>> {
    if input == "0" {
        return Ok(("", Some(0)));
    }
    fold_many1(
        component,
        || Some(0_u64),
        |sum: Option<u64>, next| sum?.checked_add(next?).filter(|sum| *sum <= 1 << 63),
    )
    .parse_complete(input)
}

/// `1.5h`
fn component(input: &str) -> IResult<&str, Option<u64>> {
    let (rest, (whole, fraction)) = (digit0, opt((tag("."), digit0))).parse_complete(input)?;
    let fraction = fraction.map_or("", |(_, digits)| digits);
    let (after, unit) = take_while(|c: char| c != '.' && !c.is_ascii_digit()).parse_complete(rest)?;
    let unit = unit_of(unit).filter(|_| !whole.is_empty() || !fraction.is_empty());
    let Some(unit) = unit else {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit)));
    };
    Ok((after, nanoseconds(whole, fraction, unit)))
}

fn unit_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // U+00B5 is the micro sign, U+03BC the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn nanoseconds(whole: &str, fraction: &str, unit: u64) -> Option<u64> {
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok().filter(|whole| *whole <= 1 << 63)? };
    let whole = whole.checked_mul(unit).filter(|nanoseconds| *nanoseconds <= 1 << 63)?;
    // Digits past what fits are dropped, and the rest is computed in floating point, as Go does.
    let (mut numerator, mut scale) = (0_u64, 1_f64);
    for digit in fraction.bytes().map(|digit| u64::from(digit - b'0')) {
        match numerator.checked_mul(10).and_then(|tens| tens.checked_add(digit)).filter(|sum| *sum <= i64::MAX as u64) {
            Some(sum) => (numerator, scale) = (sum, scale * 10.0),
            None => break,
        }
    }
    let part = (numerator as f64 * (unit as f64 / scale)) as u64;
    whole.checked_add(part).filter(|nanoseconds| *nanoseconds <= 1 << 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_go_does() {
        let cases = [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("5s", Some(5_000_000_000)),
            ("+1m30s", Some(90_000_000_000)),
            ("-1.5h", Some(-5_400_000_000_000)),
            (".5s", Some(500_000_000)),
            ("1.s", Some(1_000_000_000)),
            ("100us", Some(100_000)),
            ("100µs", Some(100_000)),
            ("100μs", Some(100_000)),
            ("0.3333333333333333333h", Some(1_200_000_000_000)),
            ("9223372036854775807ns", Some(i64::MAX)),
            ("-9223372036854775808ns", Some(i64::MIN)),
            ("9223372036854775808ns", None),
            ("9223372036854775.808us", None),
            ("3000000h", None),
            ("", None),
            ("1", None),
            ("00", None),
            ("s", None),
            (".s", None),
            ("1d", None),
            ("1s ", None),
            ("1s1", None),
            ("- 1s", None),
        ];
        for (text, expected) in cases {
            assert_eq!(duration(text), expected, "{text}");
        }
    }

    #[test]
    fn intervals_have_a_shortest() {
        assert_eq!(interval(""), Ok(0));
        assert_eq!(interval("0s"), Ok(0));
        assert_eq!(interval("1ms"), Ok(1_000_000));
        assert_eq!(interval("999us"), Err(NoInterval::TooShort));
        assert_eq!(interval("-1s"), Err(NoInterval::TooShort));
        assert_eq!(interval("1"), Err(NoInterval::NoDuration));
    }
}
