use std::fmt;

/// A number of bytes as people read it: below 1,000 as it is, else with three significant digits and the decimal unit in
/// which it has one to three digits before the point, as Docker has it. Halves are rounded up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HumanSize(pub(crate) u64);

const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];

impl fmt::Display for HumanSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1_000 {
            return f.pad(&format!("{} B", self.0));
        }
        let bytes = u128::from(self.0);
        let mut unit = 1_000_u128;
        for name in UNITS {
            for decimals in (0..3_u32).rev() {
                // As many as are left of three digits.
                let scale = 10_u128.pow(decimals);
                let rounded = (bytes * scale * 2 + unit) / (unit * 2);
                if rounded < 1_000 {
                    let whole = rounded / scale;
                    return match decimals {
                        0 => f.pad(&format!("{whole} {name}")),
                        _ => f.pad(&format!("{whole}.{:0width$} {name}", rounded % scale, width = decimals as usize)),
                    };
                }
            }
            unit *= 1_000;
        }
        Ok(())
    }
}

/// A number with commas between groups of three digits.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A number of things: `1 file`, `2,000 files`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (1_004, "1.00 kB"),
            (1_005, "1.01 kB"),
            (9_994, "9.99 kB"),
            (9_995, "10.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (1_234_567, "1.23 MB"),
            (12_345_678, "12.3 MB"),
            (5_000_000_000, "5.00 GB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(HumanSize(bytes).to_string(), expected, "{bytes}");
        }
        assert_eq!(format!("{:>9}|", HumanSize(94)), "     94 B|");
    }

    #[test]
    fn counts() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), expected);
        }
    }
}
