//! Whether a host's name leads into a machine or a private network, where a public service never is.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether a host, in the spelling of a URL parser (WHATWG URL section 3.5), is `localhost`, or an address that is
/// loopback, private, link-local or the like. A v6 address that cannot be read is.
pub fn is_internal(hostname: &str) -> bool {
    let host = hostname.trim_end_matches('.').to_ascii_lowercase();
    if host.is_empty() || host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    match host.strip_prefix('[') {
        Some(bracketed) => v6(bracketed.trim_end_matches(']')).is_none_or(is_internal_v6),
        None => v4(&host).is_some_and(is_internal_v4),
    }
}

/// Four decimal numbers: a URL parser spells every v4 address so.
fn v4(host: &str) -> Option<Ipv4Addr> {
    let mut parts = host.split('.').map(|part| part.parse().ok());
    let octets = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then(|| octets.into())
}

/// Hexadecimal groups, with one gap at most.
fn v6(host: &str) -> Option<Ipv6Addr> {
    let groups: Vec<&str> = host.split(':').collect();
    let gap = groups.iter().any(|group| group.is_empty());
    if groups.len() > 9 || !gap && groups.len() != 8 {
        return None;
    }
    let mut segments = [0_u16; 8];
    for (segment, group) in segments.iter_mut().zip(groups.iter().take_while(|group| !group.is_empty())) {
        *segment = u16::from_str_radix(group, 16).ok()?;
    }
    if gap {
        let last = groups.iter().rev().take_while(|group| !group.is_empty());
        for (segment, group) in segments.iter_mut().rev().zip(last) {
            *segment = u16::from_str_radix(group, 16).ok()?;
        }
    }
    Some(segments.into())
}

fn is_internal_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let carrier_grade = first == 100 && (64..128).contains(&second); // RFC 6598
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || carrier_grade
}

/// RFC 4291, RFC 4193, RFC 6052: whatever embeds a v4 address is judged by it.
fn is_internal_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = matches!((a, b, c, d, e, f), (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0));
    let [g1, g2] = g.to_be_bytes();
    let [h1, h2] = h.to_be_bytes();
    (embedded && is_internal_v4(Ipv4Addr::new(g1, g2, h1, h2)))
        || address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || a & 0xfe00 == 0xfc00
        || a & 0xffc0 == 0xfe80
}
