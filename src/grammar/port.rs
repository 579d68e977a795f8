//! The ports of an `EXPOSE`.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case};
use nom::character::complete::u16 as port;
use nom::combinator::{all_consuming, opt, value};
use nom::sequence::preceded;

use crate::ast::{PortValue, Protocol};

/// What `text` says.
pub(super) fn port_value(text: &str) -> PortValue {
    if text.contains(['$', '"', '\'', '\\', '`']) {
        return PortValue::Unknown;
    }
    let protocol = alt((
        value(Protocol::Tcp, tag_no_case("tcp")),
        value(Protocol::Udp, tag_no_case("udp")),
        value(Protocol::Sctp, tag_no_case("sctp")),
    ));
    let range = (port, opt(preceded(tag("-"), port)), opt(preceded(tag::<_, &str, ()>("/"), protocol)));
    match all_consuming(range).parse_complete(text) {
        Ok((_, (first, last, protocol))) if last.is_none_or(|last| first <= last) => {
            PortValue::Ports { first, last: last.unwrap_or(first), protocol: protocol.unwrap_or_default() }
        }
        _ => PortValue::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports() {
        let ports = |first, last, protocol| PortValue::Ports { first, last, protocol };
        let cases = [
            ("80", ports(80, 80, Protocol::Tcp)),
            ("53/UDP", ports(53, 53, Protocol::Udp)),
            ("8000-8010/sctp", ports(8000, 8010, Protocol::Sctp)),
            ("8010-8000", PortValue::Invalid),
            ("65536", PortValue::Invalid),
            ("80:80", PortValue::Invalid),
            ("http", PortValue::Invalid),
            ("${PORT}/tcp", PortValue::Unknown),
            ("\"80\"", PortValue::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(port_value(text), expected, "{text}");
        }
    }
}
